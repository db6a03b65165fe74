package dev.helix.ffn.helix;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.FeedForward;
import dev.helix.ffn.MoeKernels;
import dev.helix.ffn.MoeOperations;
import dev.helix.ffn.Routing;
import dev.helix.ffn.TokenRouter;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.program.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A mixture of experts as one rank runs it under Helix Parallelism (§2.2): the ranks that shared
 * the KV cache are re-partitioned as TPF × EP. As the all-reduce after the output projection left
 * the whole {@code [batch, hidden]} on every rank, dispatch is a choice of rows and moves nothing.
 *
 * <p>{@link MoeExchange} says how the router is divided among ranks, and how the ranks' terms are
 * added up.
 *
 * @param <T> the tensor type of the reading
 */
public final class HelixMoe<T extends Tensor> implements FeedForward<T> {
  private final Kernels<T> kernels;
  private final MoeKernels<T> moe;
  private final Collectives<T> collectives;
  private final MoeExchange exchange;
  private final TokenRouter<T> router;
  private final MoeWeights<T> weights;
  private final Optional<HelixDenseFfn<T>> shared;
  private final Group all;
  private final Group tpfGroup;
  private final Group epGroup;

  /**
   * Creates one rank's part of the mixture.
   *
   * @param rank the operations of the rank, on numbers and between ranks
   * @param shared the shared expert over all ranks, if the model has one
   */
  public HelixMoe(
      MoeOperations<T> rank,
      MoeSettings settings,
      TokenRouter<T> router,
      MoeWeights<T> weights,
      Optional<HelixDenseFfn<T>> shared) {
    this.kernels = rank.kernels();
    this.moe = rank.moe();
    this.collectives = rank.collectives();
    this.exchange = settings.exchange();
    this.router = router;
    this.weights = weights;
    this.shared = shared;
    Layout layout = settings.sharding().layout();
    this.all = layout.all();
    this.tpfGroup = layout.tpfGroup(rank.rank());
    this.epGroup = layout.epGroup(rank.rank());
  }

  @Override
  public T apply(T x, Consumer<Routing> routed) {
    int tokens = x.spec().size(Axis.BATCH);
    // Every rank routes every token, from the same logits.
    T logits = logits(x);
    Dispatch dispatch = router.dispatch(logits, routed);

    // The tokens of this group's experts pass through this rank's F/TPF columns.
    T own = kernels.selectRows(Phase.DISPATCH, kernels.after(x, logits), dispatch.rowIndices());
    T gateUp = moe.groupedLinear(own, weights.gateUps(), dispatch);
    T activated = moe.weightedSwiGlu(gateUp, dispatch);
    T partial = moe.combineExperts(activated, weights.downs(), dispatch, tokens);
    return switch (exchange.reduction()) {
      case ONE -> reducedOnce(x, partial);
      case BY_GROUP -> reducedByGroup(x, partial, tokens);
    };
  }

  private T logits(T x) {
    T own = kernels.linear(Phase.DISPATCH, x, weights.router());
    return switch (exchange.router()) {
      case REPLICATED -> own;
      case SPLIT -> collectives.allGather(Phase.DISPATCH, all, Axis.EXPERTS, own);
    };
  }

  /** Adds the shared expert's term to the routed ones before the only all-reduce. */
  private T reducedOnce(T x, T partial) {
    T term =
        shared
            .map(expert -> kernels.partialAdd(Phase.COMBINE, partial, expert.partial(x)))
            .orElse(partial);
    return collectives.allReduce(Phase.COMBINE, all, term);
  }

  /**
   * Sums by an all-reduce inside the group, an all-gather between groups and a local sum, which
   * includes the shared expert. No sum is rounded before the last.
   */
  private T reducedByGroup(T x, T partial, int tokens) {
    T group = collectives.partialAllReduce(Phase.COMBINE, tpfGroup, partial);
    List<T> terms = new ArrayList<>();
    terms.add(collectives.allGather(Phase.COMBINE, epGroup, Axis.BATCH, group));
    shared.ifPresent(expert -> terms.add(expert.wholeTerm(x)));
    T rows = kernels.stackRows(terms);
    List<Integer> tokenOfRow =
        IntStream.range(0, rows.spec().size(Axis.BATCH)).map(row -> row % tokens).boxed().toList();
    return moe.sumByToken(rows, tokenOfRow, tokens);
  }
}
