package dev.helix.attention;

import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * Attention of one layer as one rank runs it, of whatever kind.
 *
 * @param <T> the reading's tensor
 */
public interface SelfAttention<T extends Tensor> {
  /** This rank's part of the KV cache. */
  KvCache cache();

  /**
   * One step.
   *
   * @param x {@code [batch, hidden]}, normalised, whole on every rank
   * @param step the request and position of each row
   * @return {@code [batch, hidden]}, whole on every rank
   */
  default T attend(T x, List<QueryToken> step) {
    return attend(x, step, AttentionTap.none());
  }

  /**
   * The same, seen by a tap.
   *
   * @param tap sees what the rank holds before the exchange, after it and after the merge
   */
  T attend(T x, List<QueryToken> step, AttentionTap<T> tap);
}
