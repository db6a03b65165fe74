package dev.helix.runtime.reading;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionOperations;
import dev.helix.attention.LatentKernels;
import dev.helix.ffn.FfnKernels;
import dev.helix.ffn.MoeKernels;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.RankScope;
import java.util.Optional;

/**
 * All operations of one rank in one reading.
 *
 * @param scope the scope of the rank, in which launches are announced
 * @param kernels the operations that attention and FFN share
 * @param attention the operations of attention
 * @param ffn the operations of the FFN
 * @param collectives the exchanges with the other ranks
 * @param latent empty if the reading cannot interpret latent attention
 * @param moe empty if the reading cannot interpret a mixture of experts
 */
public record RankOperations<T extends Tensor>(
    RankScope scope,
    Kernels<T> kernels,
    AttentionKernels<T> attention,
    FfnKernels<T> ffn,
    Collectives<T> collectives,
    Optional<LatentKernels<T>> latent,
    Optional<MoeKernels<T>> moe) {
  /** The operations of a reading that knows grouped-query attention and dense FFNs only. */
  public RankOperations(
      RankScope scope,
      Kernels<T> kernels,
      AttentionKernels<T> attention,
      FfnKernels<T> ffn,
      Collectives<T> collectives) {
    this(scope, kernels, attention, ffn, collectives, Optional.empty(), Optional.empty());
  }

  /** The operations that a sharded attention layer uses. */
  public AttentionOperations<T> ofAttention() {
    return new AttentionOperations<>(kernels, attention, collectives);
  }
}
