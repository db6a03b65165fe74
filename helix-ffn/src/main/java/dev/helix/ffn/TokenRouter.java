package dev.helix.ffn;

import dev.helix.tensor.Tensor;
import java.util.function.Consumer;

/**
 * Decides which tokens go to the experts of a rank's group. This is the one point of a decode step
 * where data decide a shape. Numeric readings compute the decision ({@link
 * dev.helix.ffn.helix.LogitRouter}); a reading without numbers has to be told.
 *
 * @param <T> the tensor type of the reading
 */
public interface TokenRouter<T extends Tensor> {
  /**
   * Routes the tokens of a step.
   *
   * @param logits {@code [batch, experts]}, the same on every rank; columns behind the experts are
   *     padding
   * @param routed is told which experts the tokens go to, if this is known for each token
   */
  Dispatch dispatch(T logits, Consumer<Routing> routed);
}
