package dev.helix.laws.museum;

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
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.program.Piece;
import java.util.List;

/** A reading's kernels with a fault around the launch of decode attention. */
final class FaultyFlashDecode implements AttentionKernels<Fp64Tensor> {
  private final AttentionKernels<Fp64Tensor> correct;
  private final Fault fault;

  FaultyFlashDecode(AttentionKernels<Fp64Tensor> correct, Fault fault) {
    this.correct = correct;
    this.fault = fault;
  }

  /** What becomes of a launch. */
  @FunctionalInterface
  interface Fault {
    PartialAttention<Fp64Tensor> of(Launch launch);
  }

  /** One launch of the correct kernel. */
  record Launch(
      AttentionKernels<Fp64Tensor> correct,
      Fp64Tensor queries,
      List<KvView<Fp64Tensor>> views,
      ScoreRule rule,
      int valueDim) {
    PartialAttention<Fp64Tensor> run() {
      return correct.flashDecode(queries, views, rule, valueDim);
    }

    Launch with(ScoreRule other) {
      return new Launch(correct, queries, views, other, valueDim);
    }

    Launch with(List<KvView<Fp64Tensor>> others) {
      return new Launch(correct, queries, others, rule, valueDim);
    }

    /** Tokens of the request that the shard holds, of this step or before. */
    int written(KvView<Fp64Tensor> view) {
      return views.stream()
          .filter(other -> other.pages().equals(view.pages()))
          .mapToInt(other -> other.first() + other.length())
          .max()
          .orElseThrow();
    }
  }

  @Override
  public PartialAttention<Fp64Tensor> flashDecode(
      Piece piece,
      Fp64Tensor queries,
      List<KvView<Fp64Tensor>> views,
      ScoreRule rule,
      int valueDim) {
    return fault.of(new Launch(correct, queries, views, rule, valueDim));
  }

  @Override
  public RotatedQkv<Fp64Tensor> rotaryQkv(
      Fp64Tensor qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> step) {
    return correct.rotaryQkv(qkv, shape, rotary, step);
  }

  @Override
  public Fp64Tensor allocatePage(Spec spec) {
    return correct.allocatePage(spec);
  }

  @Override
  public void appendKv(Fp64Tensor keys, Fp64Tensor values, List<CacheSlot<Fp64Tensor>> slots) {
    correct.appendKv(keys, values, slots);
  }

  @Override
  public Fp64Tensor mergeByLse(Piece piece, PartialAttention<Fp64Tensor> shards) {
    return correct.mergeByLse(piece, shards);
  }
}
