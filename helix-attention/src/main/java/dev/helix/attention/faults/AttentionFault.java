package dev.helix.attention.faults;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.Fault;

/**
 * A fault of attention: in its kernels, or in what a rank assumes about the placement. It is
 * written for the kernels of grouped-query attention, and for the merge of latent attention too.
 */
public interface AttentionFault extends Fault {
  /** Returns the attention kernels that a rank with this fault launches. */
  default <T extends Tensor> AttentionKernels<T> kernels(HealthyRank<T> rank) {
    return rank.kernels();
  }

  /** Returns the placement that a rank with this fault assumes. */
  default KvPlacement placement(RankRole role, KvPlacement healthy) {
    return healthy;
  }
}
