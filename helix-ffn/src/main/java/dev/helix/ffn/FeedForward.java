package dev.helix.ffn;

import dev.helix.tensor.Tensor;
import java.util.function.Consumer;

/**
 * The FFN of one layer as one rank runs it, of whatever kind.
 *
 * @param <T> the reading's tensor
 */
public interface FeedForward<T extends Tensor> {
  /**
   * One step.
   *
   * @param x {@code [batch, hidden]}, normalised, whole on every rank
   * @param routed is told which experts the tokens go to, if there are any to choose from
   * @return {@code [batch, hidden]}, whole on every rank
   */
  T apply(T x, Consumer<Routing> routed);
}
