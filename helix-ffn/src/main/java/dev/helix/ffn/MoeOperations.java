package dev.helix.ffn;

import dev.helix.tensor.Collectives;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;

/**
 * All operations of one rank that a sharded mixture of experts uses, in one reading.
 *
 * @param kernels the router's projection and the choice of rows
 * @param moe the operations of experts
 * @param collectives exchanges with the other ranks
 */
public record MoeOperations<T extends Tensor>(
    Kernels<T> kernels, MoeKernels<T> moe, Collectives<T> collectives) {
  /** The rank that runs these operations. */
  public int rank() {
    return kernels.rank();
  }
}
