package dev.helix.attention;

import dev.helix.tensor.Collectives;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;

/**
 * All operations of one rank that a sharded attention layer uses, in one reading.
 *
 * @param kernels projections and norms
 * @param attention rotary embedding, cache, decode attention and merge
 * @param collectives exchanges with the other ranks
 */
public record AttentionOperations<T extends Tensor>(
    Kernels<T> kernels, AttentionKernels<T> attention, Collectives<T> collectives) {
  /** The rank that runs these operations. */
  public int rank() {
    return kernels.rank();
  }
}
