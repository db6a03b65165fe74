package dev.helix.ffn.helix;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.Routing;
import dev.helix.ffn.TokenRouter;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import java.util.function.Consumer;

/**
 * Chooses by the router's logits. Every rank chooses for every token, from the same numbers.
 *
 * @param <T> the reading's tensor
 */
public final class LogitRouter<T extends Tensor> implements TokenRouter<T> {
  private final Kernels<T> kernels;
  private final ExpertRouter router;
  private final MoeSharding sharding;

  public LogitRouter(Kernels<T> kernels, ExpertRouter router, MoeSharding sharding) {
    this.kernels = kernels;
    this.router = router;
    this.sharding = sharding;
  }

  @Override
  public Dispatch dispatch(T logits, Consumer<Routing> routed) {
    Routing routing = router.route(kernels.toHost(logits), logits.spec().size(Axis.BATCH));
    routed.accept(routing);
    return Dispatch.of(routing, sharding.firstExpert(kernels.rank()), sharding.localExperts());
  }
}
