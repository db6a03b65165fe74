package dev.helix.attention.faults;

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
import java.util.function.Supplier;

/**
 * Attention kernels that forward every call. A fault extends this class and overrides what it
 * changes.
 *
 * @param <T> the tensor type of the reading
 */
public class ForwardingAttentionKernels<T extends Tensor> implements AttentionKernels<T> {
  private final Supplier<AttentionKernels<T>> healthy;

  /**
   * Forwards every call to other kernels.
   *
   * @param healthy the kernels of the same rank
   */
  protected ForwardingAttentionKernels(AttentionKernels<T> healthy) {
    this(() -> healthy);
  }

  /**
   * Forwards every call to kernels that are chosen at the call.
   *
   * @param healthy gives kernels of the same rank
   */
  protected ForwardingAttentionKernels(Supplier<AttentionKernels<T>> healthy) {
    this.healthy = healthy;
  }

  /** The kernels that this call is forwarded to. */
  protected final AttentionKernels<T> healthy() {
    return healthy.get();
  }

  @Override
  public RotatedQkv<T> rotaryQkv(
      T qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> step) {
    return healthy().rotaryQkv(qkv, shape, rotary, step);
  }

  @Override
  public T allocatePage(Spec spec) {
    return healthy().allocatePage(spec);
  }

  @Override
  public void appendKv(T keys, T values, List<CacheSlot<T>> slots) {
    healthy().appendKv(keys, values, slots);
  }

  @Override
  public PartialAttention<T> flashDecode(
      Piece piece, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
    return healthy().flashDecode(piece, queries, views, rule, valueDim);
  }

  @Override
  public T mergeByLse(Piece piece, PartialAttention<T> shards) {
    return healthy().mergeByLse(piece, shards);
  }
}
