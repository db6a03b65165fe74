package dev.helix.runtime.fault;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.LatentShape;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ProjectedLatent;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedLatent;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.attention.faults.ForwardingLatentKernels;
import dev.helix.attention.faults.HealthyRank;
import dev.helix.attention.faults.RankRole;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.RankNumbers;
import dev.helix.tensor.program.Piece;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Latent kernels with a fault that was written for those of grouped-query attention. The fault is
 * given kernels of one KV head, whose keys are entries and whose values are their fronts, and
 * changes steps, caches and views as it does there.
 */
final class FaultyLatents<T extends Tensor> extends ForwardingLatentKernels<T> {
  private final AttentionKernels<T> faulty;

  /** Rotates the step that is being computed, as the fault sees it. */
  private BiFunction<RotaryEmbedding, List<QueryToken>, RotatedLatent<T>> rotation =
      (rotary, step) -> {
        throw new IllegalStateException("no step was given");
      };

  FaultyLatents(
      AttentionFault fault,
      RankRole role,
      RankNumbers<T> numbers,
      AttentionKernels<T> attention,
      LatentKernels<T> healthy) {
    super(healthy);
    AttentionKernels<T> ofOneHead =
        new ForwardingAttentionKernels<>(attention) {
          @Override
          public RotatedQkv<T> rotaryQkv(
              T qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> step) {
            RotatedLatent<T> rotated = rotation.apply(rotary, step);
            return new RotatedQkv<>(rotated.queries(), rotated.entries(), rotated.entries());
          }

          @Override
          public void appendKv(T keys, T values, List<CacheSlot<T>> slots) {
            healthy.appendEntries(keys, slots);
          }

          @Override
          public PartialAttention<T> flashDecode(
              Piece piece, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
            return healthy.flashDecodeLatent(piece, queries, views, rule, valueDim);
          }
        };
    this.faulty = fault.kernels(new HealthyRank<>(role, numbers, ofOneHead));
  }

  @Override
  public RotatedLatent<T> rotaryLatent(
      ProjectedLatent<T> projected,
      LatentShape shape,
      RotaryEmbedding rotary,
      List<QueryToken> step) {
    rotation = (turned, tokens) -> healthy().rotaryLatent(projected, shape, turned, tokens);
    RotatedQkv<T> rotated = faulty.rotaryQkv(projected.queries(), shape.absorbed(), rotary, step);
    return new RotatedLatent<>(rotated.queries(), rotated.keys());
  }

  @Override
  public void appendEntries(T entries, List<CacheSlot<T>> slots) {
    faulty.appendKv(entries, entries, slots);
  }

  @Override
  public PartialAttention<T> flashDecodeLatent(
      Piece piece, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
    return faulty.flashDecode(piece, queries, views, rule, valueDim);
  }
}
