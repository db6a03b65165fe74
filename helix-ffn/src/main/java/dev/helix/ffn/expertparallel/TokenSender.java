package dev.helix.ffn.expertparallel;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.Routing;
import dev.helix.tensor.Tensor;
import java.util.function.Consumer;

/**
 * Decides which of a rank's tokens travel to which rank, and to which experts the tokens go that
 * have arrived. Expert parallelism uses it where ranks that all have all tokens use {@link
 * dev.helix.ffn.TokenRouter}: data decide a shape here and nowhere else.
 *
 * @param <T> the tensor type of the reading
 */
public interface TokenSender<T extends Tensor> {
  /**
   * Routes the tokens that a rank holds, and says which tokens of its share it sends where.
   *
   * @param logits {@code [batch, experts]} of all tokens that the rank holds
   * @param routed is told which experts these tokens go to, if this is known for each token
   */
  Sending send(T logits, TokenShares shares, Consumer<Routing> routed);

  /**
   * The assignments to this rank's experts.
   *
   * @param logits {@code [batch, experts]} of the rank's share, then of the tokens that have
   *     arrived
   * @param shares the shares with which the tokens were sent
   */
  Dispatch dispatch(T logits, TokenShares shares);
}
