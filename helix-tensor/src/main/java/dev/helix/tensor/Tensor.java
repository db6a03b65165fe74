package dev.helix.tensor;

/**
 * What every reading's tensor can say of itself.
 *
 * <p>A tensor belongs to the rank whose kernels made it. Kernels refuse a tensor of another rank:
 * numbers cross ranks through {@link Collectives} and in no other way, also inside one JVM.
 */
public interface Tensor {
  Spec spec();

  /** The rank that this tensor belongs to. */
  int owner();
}
