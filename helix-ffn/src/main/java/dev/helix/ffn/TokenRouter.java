package dev.helix.ffn;

import dev.helix.tensor.Tensor;
import java.util.function.Consumer;

/**
 * Says which tokens go to the experts of a rank's group: the one place of the decode step where
 * data decide a shape. Numeric readings observe it ({@link dev.helix.ffn.helix.LogitRouter}); a
 * reading without numbers has to be told.
 *
 * @param <T> the reading's tensor
 */
public interface TokenRouter<T extends Tensor> {
  /**
   * Routes the tokens of a step.
   *
   * @param logits {@code [batch, experts]}, the same on every rank; what lies behind the experts is
   *     padding
   * @param routed is told which experts the tokens go to, if that is known of each token
   */
  Dispatch dispatch(T logits, Consumer<Routing> routed);
}
