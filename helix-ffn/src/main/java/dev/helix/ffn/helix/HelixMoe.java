package dev.helix.ffn.helix;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.FeedForward;
import dev.helix.ffn.MoeKernels;
import dev.helix.ffn.Routing;
import dev.helix.ffn.TokenRouter;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Phase;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A mixture of experts as one rank runs it under Helix Parallelism (§2.2): the ranks that shared
 * the KV cache are re-partitioned as TPF × EP. As the all-reduce after the output projection left
 * the whole {@code [batch, hidden]} on every rank, dispatch is a choice of rows and moves nothing.
 *
 * <p>The paper does not mention the router. Here it is split over the N ranks and its logits are
 * gathered, so that all ranks choose from the same bits, whatever hardware made them.
 *
 * @param <T> the reading's tensor
 */
public final class HelixMoe<T extends Tensor> implements FeedForward<T> {
  private final Kernels<T> kernels;
  private final MoeKernels<T> moe;
  private final Collectives<T> collectives;
  private final TokenRouter<T> router;
  private final MoeWeights<T> weights;
  private final Optional<HelixDenseFfn<T>> shared;
  private final Group all;
  private final Group tpfGroup;
  private final Group epGroup;

  /**
   * Creates one rank's part of the mixture.
   *
   * @param shared the shared expert over all ranks, if the model has one
   */
  public HelixMoe(
      Kernels<T> kernels,
      MoeKernels<T> moe,
      Collectives<T> collectives,
      MoeSharding sharding,
      TokenRouter<T> router,
      MoeWeights<T> weights,
      Optional<HelixDenseFfn<T>> shared) {
    this.kernels = kernels;
    this.moe = moe;
    this.collectives = collectives;
    this.router = router;
    this.weights = weights;
    this.shared = shared;
    this.all = sharding.layout().all();
    this.tpfGroup = sharding.layout().tpfGroup(kernels.rank());
    this.epGroup = sharding.layout().epGroup(kernels.rank());
  }

  @Override
  public T apply(T x, Consumer<Routing> routed) {
    int tokens = x.spec().size(Axis.BATCH);
    // Every rank routes every token, from the same logits.
    T logits =
        collectives.allGather(
            Phase.DISPATCH, all, Axis.EXPERTS, kernels.linear(Phase.DISPATCH, x, weights.router()));
    Dispatch dispatch = router.dispatch(logits, routed);

    // The tokens of this group's experts pass through this rank's F/TPF columns.
    T own = kernels.selectRows(Phase.DISPATCH, kernels.after(x, logits), dispatch.rowIndices());
    T gateUp = moe.groupedLinear(own, weights.gateUps(), dispatch);
    T activated = moe.weightedSwiGlu(gateUp, dispatch);
    T partial = moe.combineExperts(activated, weights.downs(), dispatch, tokens);

    // An all-reduce inside the group and an all-gather between groups precede a local sum.
    T group = collectives.partialAllReduce(Phase.COMBINE, tpfGroup, partial);
    T mixed = moe.sumShards(collectives.allGather(Phase.COMBINE, epGroup, Axis.SHARDS, group));
    return shared.map(expert -> kernels.add(Phase.COMBINE, mixed, expert.apply(x))).orElse(mixed);
  }
}
