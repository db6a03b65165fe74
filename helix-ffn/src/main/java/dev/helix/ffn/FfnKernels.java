package dev.helix.ffn;

import dev.helix.tensor.Tensor;

/**
 * The operations that the FFN adds to those of {@link dev.helix.tensor.Kernels}, under the same
 * rules.
 *
 * @param <T> the tensor type of the reading
 */
public interface FfnKernels<T extends Tensor> {
  /**
   * The gated activation silu(gate) ⊙ up with silu(g) = g / (1 + exp(−g)) (SwiGLU, arXiv
   * 2002.05202).
   *
   * @param gateUp {@code [batch, gateUp]}: all gates, then all ups, of this rank's columns
   * @return {@code [batch, intermediate]}, half as wide as {@code gateUp}
   */
  T swiGlu(T gateUp);
}
