package dev.helix.attention.faults;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.Fault;

/**
 * A fault of attention: of its kernels, or of what a rank believes of the placement. It concerns
 * grouped-query attention, and the merge of latent attention too.
 */
public interface AttentionFault extends Fault {
  /** The attention kernels that a rank launches. */
  default <T extends Tensor> AttentionKernels<T> kernels(HealthyRank<T> rank) {
    return rank.kernels();
  }

  /** The placement that a rank goes by. */
  default KvPlacement placement(RankPlace place, KvPlacement healthy) {
    return healthy;
  }
}
