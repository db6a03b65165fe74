package dev.helix.runtime.fault;

import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.LatentShape;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedLatent;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Piece;
import java.util.List;

/**
 * Latent kernels of one rank that are faulty in some layers only.
 *
 * @param scope knows in which layer the rank is
 */
record SitedLatents<T extends Tensor>(
    FaultSite site, RankScope scope, LatentKernels<T> faulty, LatentKernels<T> healthy)
    implements LatentKernels<T> {
  private LatentKernels<T> here() {
    return site.has(scope.place()) ? faulty : healthy;
  }

  @Override
  public T absorbQueries(T queries, T keyUp) {
    return here().absorbQueries(queries, keyUp);
  }

  @Override
  public RotatedLatent<T> rotaryLatent(
      T queries,
      T absorbed,
      T entries,
      T latentNorm,
      LatentShape shape,
      double epsilon,
      RotaryEmbedding rotary,
      List<QueryToken> step) {
    return here()
        .rotaryLatent(queries, absorbed, entries, latentNorm, shape, epsilon, rotary, step);
  }

  @Override
  public void appendEntries(T entries, List<CacheSlot<T>> slots) {
    here().appendEntries(entries, slots);
  }

  @Override
  public PartialAttention<T> flashDecodeLatent(
      Piece piece, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
    return here().flashDecodeLatent(piece, queries, views, rule, valueDim);
  }

  @Override
  public T expandValues(T latents, T valueUp) {
    return here().expandValues(latents, valueUp);
  }
}
