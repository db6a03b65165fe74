package dev.helix.ffn;

import dev.helix.tensor.Tensor;
import java.util.function.Consumer;

/**
 * The FFN of one layer, of any kind, as one rank runs it.
 *
 * @param <T> the tensor type of the reading
 */
public interface FeedForward<T extends Tensor> {
  /**
   * Applies the FFN to the tokens of one step.
   *
   * @param x {@code [batch, hidden]}, normalised, whole on every rank
   * @param routed is told which experts the tokens go to, if there are any to choose from
   * @return {@code [batch, hidden]}, whole on every rank
   */
  T apply(T x, Consumer<Routing> routed);
}
