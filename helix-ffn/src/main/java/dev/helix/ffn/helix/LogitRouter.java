package dev.helix.ffn.helix;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.Routing;
import dev.helix.ffn.TokenRouter;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import java.util.function.Consumer;

/**
 * Chooses experts by the router's logits. Every rank chooses for every token, from the same
 * numbers.
 *
 * @param <T> the tensor type of the reading
 */
public final class LogitRouter<T extends Tensor> implements TokenRouter<T> {
  private final Kernels<T> kernels;
  private final ExpertRouter router;
  private final ExpertRange experts;

  /**
   * Creates the router of one rank.
   *
   * @param experts the experts of the rank
   */
  public LogitRouter(Kernels<T> kernels, ExpertRouter router, ExpertRange experts) {
    this.kernels = kernels;
    this.router = router;
    this.experts = experts;
  }

  @Override
  public Dispatch dispatch(T logits, Consumer<Routing> routed) {
    Routing routing = router.route(kernels.toHost(logits), logits.spec().size(Axis.BATCH));
    routed.accept(routing);
    return Dispatch.of(routing, experts);
  }
}
