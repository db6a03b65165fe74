package dev.helix.attention;

import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Piece;
import java.util.List;

/**
 * The operations that latent attention (MLA) adds to those of {@link AttentionKernels}, under the
 * same rules. They compute the absorbed form, as decoders do. The key up-projection is applied to
 * the query, q·(W·c) = (Wᵀ·q)·c, and the value up-projection to the attention over latents. So the
 * cache is read as it is stored, once for all heads.
 *
 * @param <T> the tensor type of the reading
 */
public interface LatentKernels<T extends Tensor> {
  /**
   * Multiplies the part of each query that has no position with its head's key up-projection: Wᵀ·q.
   *
   * @param queries {@code [batch, headsByDim]}: for each head nope components, then rope components
   * @param keyUp {@code [heads, headDim=nope, latent]}
   * @return {@code [batch, heads, latent]}
   */
  T absorbQueries(T queries, T keyUp);

  /**
   * Completes queries and cache entries. The latent is normalised, x / √(mean(x²) + ε) · w. The
   * rotary parts of queries and key are rotated by their positions and put behind the latent.
   *
   * @param projected what the step projected; of its queries only the rope components are read
   * @param step request and position of each row
   */
  RotatedLatent<T> rotaryLatent(
      ProjectedLatent<T> projected,
      LatentShape shape,
      RotaryEmbedding rotary,
      List<QueryToken> step);

  /**
   * Writes rows of a step's entries into pages of this rank, in place.
   *
   * @param entries {@code [batch, kvHeads=1, headDim]}
   * @param slots the rows to be kept and the slots that take them; may be empty
   */
  void appendEntries(T entries, List<CacheSlot<T>> slots);

  /**
   * {@link AttentionKernels#flashDecode} over entries whose first components are also the values,
   * so that one read of the cache serves both.
   *
   * @param piece which piece of the batch HOP-B launches here
   * @param queries {@code [batch, heads, headDim]}, headDim = latent + rope
   * @param valueDim how many components of an entry are its value: latent
   * @return output {@code [batch, heads, headDim=latent]} and lse {@code [batch, heads]}
   */
  PartialAttention<T> flashDecodeLatent(
      Piece piece, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim);

  /** Attends in the same way for the whole batch in one launch. */
  default PartialAttention<T> flashDecodeLatent(
      T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
    return flashDecodeLatent(Piece.WHOLE, queries, views, rule, valueDim);
  }

  /**
   * Multiplies the attention over latents with the value up-projection, head by head.
   *
   * @param latents {@code [batch, heads, headDim=latent]}
   * @param valueUp {@code [heads, headDim=v, latent]}
   * @return {@code [batch, heads, headDim=v]}
   */
  T expandValues(T latents, T valueUp);
}
