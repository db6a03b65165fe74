package dev.helix.tensor;

/**
 * A tensor of any reading. Every tensor has a spec and a rank that owns it.
 *
 * <p>A tensor belongs to the rank whose kernels made it. Kernels refuse a tensor of another rank,
 * also inside one JVM: numbers cross ranks only through {@link Collectives}.
 */
public interface Tensor {
  Spec spec();

  /** The rank that this tensor belongs to. */
  int owner();
}
