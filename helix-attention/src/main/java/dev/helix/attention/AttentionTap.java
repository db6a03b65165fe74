package dev.helix.attention;

import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * Sees what one rank holds inside of attention, between its launches: the partial state of its own
 * tokens, what the exchange has brought it, and what it has merged. Nothing is launched for a tap,
 * and one that does not look costs nothing.
 *
 * <p>With HOP-B each piece of the batch is seen by itself, under its own rows.
 *
 * @param <T> the reading's tensor
 */
public interface AttentionTap<T extends Tensor> {
  /**
   * Sees the state before the exchange: attention of the rank's partial heads over its own tokens.
   *
   * @param step the request and position of each row
   * @param partial one part, {@code [batch, heads, ..]}
   */
  default void partial(List<QueryToken> step, PartialAttention<T> partial) {}

  /**
   * Sees what the exchange has brought: the parts of the heads that the rank owns, in the order of
   * its group.
   *
   * @param step the request and position of each row
   * @param shards a stack of parts, {@code [shards, batch, heads, ..]}
   */
  default void exchanged(List<QueryToken> step, PartialAttention<T> shards) {}

  /**
   * Sees the whole attention of the heads that the rank owns; of latent attention still over
   * latents.
   *
   * @param step the request and position of each row
   * @param merged {@code [batch, heads, headDim]}
   */
  default void merged(List<QueryToken> step, T merged) {}

  /** A tap that looks away. */
  static <T extends Tensor> AttentionTap<T> none() {
    return new AttentionTap<>() {};
  }
}
