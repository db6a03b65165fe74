package dev.helix.attention;

import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * Attention of one layer, of any kind, as one rank runs it.
 *
 * @param <T> the tensor type of the reading
 */
public interface SelfAttention<T extends Tensor> {
  /** This rank's part of the KV cache. */
  KvCache cache();

  /**
   * Attends for one step.
   *
   * @param x {@code [batch, hidden]}, normalised, whole on every rank
   * @param step request and position of each row
   * @return {@code [batch, hidden]}, whole on every rank
   */
  default T attend(T x, List<QueryToken> step) {
    return attend(x, step, AttentionTap.none());
  }

  /**
   * Attends for one step, observed by a tap.
   *
   * @param tap sees what the rank holds before the exchange, after it and after the merge
   */
  T attend(T x, List<QueryToken> step, AttentionTap<T> tap);
}
