package dev.helix.attention;

import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * Observes what one rank holds inside of attention, between its launches: the partial state of its
 * own tokens, what the exchange has brought it, and what it has merged. A tap launches nothing, and
 * one that does not look costs nothing.
 *
 * <p>With HOP-B the tap is called for each piece of the batch, with the rows of that piece.
 *
 * @param <T> the tensor type of the reading
 */
public interface AttentionTap<T extends Tensor> {
  /**
   * Observes the queries, keys and values of the rank's heads, also where another rank keeps the
   * keys and values. In latent attention there are none, and this is not called.
   *
   * @param step request and position of each row
   * @param projected {@code [batch, heads, headDim]} and {@code [batch, kvHeads, headDim]}
   */
  default void projected(List<QueryToken> step, RotatedQkv<T> projected) {}

  /**
   * Observes the queries and the cache entries of a step in latent attention, also where another
   * rank keeps the entries. In other attention there are none, and this is not called.
   *
   * @param step request and position of each row
   * @param projected {@code [batch, heads, headDim]} and {@code [batch, kvHeads=1, headDim]}
   */
  default void projectedLatents(List<QueryToken> step, RotatedLatent<T> projected) {}

  /**
   * Observes the state before the exchange: attention of the rank's partial heads over its own
   * tokens.
   *
   * @param step request and position of each row
   * @param partial one part, {@code [batch, heads, ..]}
   */
  default void partial(List<QueryToken> step, PartialAttention<T> partial) {}

  /**
   * Observes what the exchange has brought: the parts of the heads that the rank owns, in the order
   * of its group.
   *
   * @param step request and position of each row
   * @param shards a stack of parts, {@code [shards, batch, heads, ..]}
   */
  default void exchanged(List<QueryToken> step, PartialAttention<T> shards) {}

  /**
   * Observes the whole attention of the heads that the rank owns; in latent attention it is still
   * over latents.
   *
   * @param step request and position of each row
   * @param merged {@code [batch, heads, headDim]}
   */
  default void merged(List<QueryToken> step, T merged) {}

  /** A tap that ignores everything. */
  static <T extends Tensor> AttentionTap<T> none() {
    return new AttentionTap<>() {};
  }
}
