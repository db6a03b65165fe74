package dev.helix.runtime.strategy.dataparallel;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
import dev.helix.ffn.expertparallel.ExpertParallelMoe;
import dev.helix.ffn.expertparallel.TokenShares;
import dev.helix.runtime.model.FfnPart;
import dev.helix.runtime.model.HeldRows;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.HeldState;
import java.util.List;
import java.util.function.Consumer;

/** Experts on all ranks. The rows of each group are held by its ranks before and after. */
record ExpertParallelPart<T extends Tensor>(
    ExpertParallelMoe<T> moe, DataParallelStrategy strategy, HeldState held, int rank)
    implements FfnPart<T> {
  @Override
  public HeldState takes() {
    return held;
  }

  @Override
  public HeldState leaves() {
    return held;
  }

  @Override
  public T apply(HeldRows<T> x, List<QueryToken> step, Consumer<Routing> routed) {
    int from = strategy.firstOfShare(x.rows().size(), rank);
    // Without rows there is no routing to tell.
    return moe.apply(
        x.values(),
        new TokenShares(strategy.shares(step), rank, from),
        x.isEmpty() ? routing -> {} : routed);
  }
}
