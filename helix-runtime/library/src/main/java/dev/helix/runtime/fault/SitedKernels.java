package dev.helix.runtime.fault;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.RankScope;
import dev.helix.tensor.program.Piece;
import java.util.List;

/**
 * Attention kernels of one rank that are faulty in some layers only.
 *
 * @param scope knows in which layer the rank is
 */
record SitedKernels<T extends Tensor>(
    FaultSite site, RankScope scope, AttentionKernels<T> faulty, AttentionKernels<T> healthy)
    implements AttentionKernels<T> {
  private AttentionKernels<T> here() {
    return site.has(scope.place()) ? faulty : healthy;
  }

  @Override
  public RotatedQkv<T> rotaryQkv(
      T qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> step) {
    return here().rotaryQkv(qkv, shape, rotary, step);
  }

  @Override
  public T allocatePage(Spec spec) {
    return here().allocatePage(spec);
  }

  @Override
  public void appendKv(T keys, T values, List<CacheSlot<T>> slots) {
    here().appendKv(keys, values, slots);
  }

  @Override
  public PartialAttention<T> flashDecode(
      Piece piece, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
    return here().flashDecode(piece, queries, views, rule, valueDim);
  }

  @Override
  public T mergeByLse(Piece piece, PartialAttention<T> shards) {
    return here().mergeByLse(piece, shards);
  }
}
