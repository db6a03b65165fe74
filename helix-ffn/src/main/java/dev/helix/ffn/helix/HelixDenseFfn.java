package dev.helix.ffn.helix;

import dev.helix.ffn.FeedForward;
import dev.helix.ffn.FfnKernels;
import dev.helix.ffn.Routing;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Group;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.program.Phase;
import java.util.function.Consumer;

/**
 * A dense SwiGLU FFN as one rank runs it under Helix Parallelism (§2.2): the ranks that shared the
 * KV cache are re-partitioned as TPF = N. No exchange comes before it, because the all-reduce after
 * the output projection left the whole {@code [batch, hidden]} on every rank.
 *
 * @param <T> the tensor type of the reading
 */
public final class HelixDenseFfn<T extends Tensor> implements FeedForward<T> {
  private final Kernels<T> kernels;
  private final FfnKernels<T> ffn;
  private final Collectives<T> collectives;
  private final DenseFfnWeights<T> weights;
  private final Group all;

  public HelixDenseFfn(
      Kernels<T> kernels,
      FfnKernels<T> ffn,
      Collectives<T> collectives,
      FfnSharding sharding,
      DenseFfnWeights<T> weights) {
    this.kernels = kernels;
    this.ffn = ffn;
    this.collectives = collectives;
    this.weights = weights;
    this.all = sharding.layout().all();
  }

  @Override
  public T apply(T x, Consumer<Routing> routed) {
    return apply(x);
  }

  /**
   * Applies the FFN to the tokens of one step.
   *
   * @param x {@code [batch, hidden]}, normalised, whole on every rank
   * @return {@code [batch, hidden]}, whole on every rank
   */
  public T apply(T x) {
    // An all-reduce sums the terms of the N ranks.
    return collectives.allReduce(Phase.ALL_REDUCE, all, partial(x));
  }

  /**
   * Computes the whole output of one step where it is itself a term of a larger sum.
   *
   * @param x {@code [batch, hidden]}, normalised, whole on every rank
   * @return {@code [batch, hidden]}, a partial sum, the same on every rank
   */
  T wholeTerm(T x) {
    return collectives.partialAllReduce(Phase.ALL_REDUCE, all, partial(x));
  }

  /**
   * Computes this rank's term of one step, for a sum that includes other terms too.
   *
   * @param x {@code [batch, hidden]}, normalised, whole on every rank
   * @return {@code [batch, hidden]}, a partial sum over all ranks
   */
  public T partial(T x) {
    // The first projection is column-parallel, with F/TPF gates and ups; the second is
    // row-parallel.
    T gateUp = kernels.linear(Phase.FFN, x, weights.gateUp());
    T activated = ffn.swiGlu(gateUp);
    return kernels.partialLinear(Phase.FFN, activated, weights.down());
  }
}
