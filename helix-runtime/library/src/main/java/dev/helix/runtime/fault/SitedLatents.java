package dev.helix.runtime.fault;

import dev.helix.attention.LatentKernels;
import dev.helix.attention.faults.ForwardingLatentKernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.RankScope;

/** Latent kernels of one rank that are faulty in some layers only. */
final class SitedLatents<T extends Tensor> extends ForwardingLatentKernels<T> {
  /**
   * Chooses the kernels at each call.
   *
   * @param scope knows in which layer the rank is
   */
  SitedLatents(FaultSite site, RankScope scope, LatentKernels<T> faulty, LatentKernels<T> healthy) {
    super(() -> site.has(scope.place()) ? faulty : healthy);
  }
}
