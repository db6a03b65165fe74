package dev.helix.tensor;

/**
 * What all tensors have in common, whatever the reading: a spec and the rank that owns them.
 *
 * <p>A tensor belongs to the rank whose kernels made it. Kernels refuse a tensor of another rank,
 * also inside one JVM: numbers cross ranks only through {@link Collectives}.
 */
public interface Tensor {
  Spec spec();

  /** The rank that this tensor belongs to. */
  int owner();
}
