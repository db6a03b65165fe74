package dev.helix.tests.laws;

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
import dev.helix.tensor.program.Piece;
import java.util.List;

/** Attention kernels that forward all calls, for faults that override one. */
class ForwardingKernels<T extends Tensor> implements AttentionKernels<T> {
  final AttentionKernels<T> correct;

  ForwardingKernels(AttentionKernels<T> correct) {
    this.correct = correct;
  }

  @Override
  public RotatedQkv<T> rotaryQkv(
      T qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> step) {
    return correct.rotaryQkv(qkv, shape, rotary, step);
  }

  @Override
  public T allocatePage(Spec spec) {
    return correct.allocatePage(spec);
  }

  @Override
  public void appendKv(T keys, T values, List<CacheSlot<T>> slots) {
    correct.appendKv(keys, values, slots);
  }

  @Override
  public PartialAttention<T> flashDecode(
      Piece piece, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
    return correct.flashDecode(piece, queries, views, rule, valueDim);
  }

  @Override
  public T mergeByLse(Piece piece, PartialAttention<T> shards) {
    return correct.mergeByLse(piece, shards);
  }
}
