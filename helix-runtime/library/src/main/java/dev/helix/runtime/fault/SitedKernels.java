package dev.helix.runtime.fault;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.RankScope;

/** Attention kernels of one rank that are faulty in some layers only. */
final class SitedKernels<T extends Tensor> extends ForwardingAttentionKernels<T> {
  /**
   * Chooses the kernels at each call.
   *
   * @param scope knows in which layer the rank is
   */
  SitedKernels(
      FaultSite site, RankScope scope, AttentionKernels<T> faulty, AttentionKernels<T> healthy) {
    super(() -> site.has(scope.place()) ? faulty : healthy);
  }
}
