package dev.helix.ffn.expertparallel;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.Routing;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;

/**
 * Chooses experts by the router's logits. A token's logits travel with it, so that the rank of its
 * experts chooses again from the same bits and makes the same choice.
 *
 * @param <T> the tensor type of the reading
 */
public final class LogitSender<T extends Tensor> implements TokenSender<T> {
  private final Kernels<T> kernels;
  private final Collectives<T> collectives;
  private final ExpertRouter router;
  private final ExpertParallelSharding sharding;

  /** Creates the sender of one rank, which tells the others how many tokens they will get. */
  public LogitSender(
      Kernels<T> kernels,
      Collectives<T> collectives,
      ExpertRouter router,
      ExpertParallelSharding sharding) {
    this.kernels = kernels;
    this.collectives = collectives;
    this.router = router;
    this.sharding = sharding;
  }

  @Override
  public Sending send(T logits, TokenShares shares, Consumer<Routing> routed) {
    Routing held = route(logits);
    routed.accept(held);
    List<List<Integer>> rowsTo =
        Sending.rowsTo(
            held.tokens().subList(shares.from(), shares.to()), shares.member(), sharding);
    List<Integer> sent = rowsTo.stream().map(List::size).toList();
    return new Sending(rowsTo, collectives.exchangeCounts(sharding.ranks(), sent));
  }

  @Override
  public Dispatch dispatch(T logits, TokenShares shares) {
    return Dispatch.of(route(logits), sharding.experts(kernels.rank()));
  }

  private Routing route(T logits) {
    return router.route(kernels.toHost(logits), logits.spec().size(Axis.BATCH));
  }
}
