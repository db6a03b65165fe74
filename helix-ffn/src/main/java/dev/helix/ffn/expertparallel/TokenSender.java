package dev.helix.ffn.expertparallel;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.Routing;
import dev.helix.tensor.Tensor;
import java.util.function.Consumer;

/**
 * Says which of a rank's tokens travel to which rank, and which experts the tokens go to that are
 * then there. It is to expert parallelism as {@link dev.helix.ffn.TokenRouter} is to ranks that all
 * have all tokens: data decide a shape here and nowhere else.
 *
 * @param <T> the reading's tensor
 */
public interface TokenSender<T extends Tensor> {
  /**
   * Routes the tokens that a rank holds, and says which of its share it sends where.
   *
   * @param logits {@code [batch, experts]} of all tokens that the rank holds
   * @param routed is told which experts these tokens go to, if that is known of each token
   */
  Sending send(T logits, TokenShares shares, Consumer<Routing> routed);

  /**
   * The assignments to this rank's experts.
   *
   * @param logits {@code [batch, experts]} of the rank's share, then of the tokens that have
   *     arrived
   * @param shares as the tokens were sent
   */
  Dispatch dispatch(T logits, TokenShares shares);
}
