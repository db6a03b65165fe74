package dev.helix.attention.faults;

import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.LatentShape;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ProjectedLatent;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedLatent;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Piece;
import java.util.List;
import java.util.function.Supplier;

/**
 * Latent kernels that forward every call. A fault extends this class and overrides what it changes.
 *
 * @param <T> the tensor type of the reading
 */
public class ForwardingLatentKernels<T extends Tensor> implements LatentKernels<T> {
  private final Supplier<LatentKernels<T>> healthy;

  /**
   * Forwards every call to other kernels.
   *
   * @param healthy the kernels of the same rank
   */
  protected ForwardingLatentKernels(LatentKernels<T> healthy) {
    this(() -> healthy);
  }

  /**
   * Forwards every call to kernels that are chosen at the call.
   *
   * @param healthy gives kernels of the same rank
   */
  protected ForwardingLatentKernels(Supplier<LatentKernels<T>> healthy) {
    this.healthy = healthy;
  }

  /** The kernels that this call is forwarded to. */
  protected final LatentKernels<T> healthy() {
    return healthy.get();
  }

  @Override
  public T absorbQueries(T queries, T keyUp) {
    return healthy().absorbQueries(queries, keyUp);
  }

  @Override
  public RotatedLatent<T> rotaryLatent(
      ProjectedLatent<T> projected,
      LatentShape shape,
      RotaryEmbedding rotary,
      List<QueryToken> step) {
    return healthy().rotaryLatent(projected, shape, rotary, step);
  }

  @Override
  public void appendEntries(T entries, List<CacheSlot<T>> slots) {
    healthy().appendEntries(entries, slots);
  }

  @Override
  public PartialAttention<T> flashDecodeLatent(
      Piece piece, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
    return healthy().flashDecodeLatent(piece, queries, views, rule, valueDim);
  }

  @Override
  public T expandValues(T latents, T valueUp) {
    return healthy().expandValues(latents, valueUp);
  }
}
