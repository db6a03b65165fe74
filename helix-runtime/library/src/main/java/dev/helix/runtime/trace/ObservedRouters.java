package dev.helix.runtime.trace;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.Dispatch;
import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.Routing;
import dev.helix.ffn.TokenRouter;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import dev.helix.ffn.expertparallel.Sending;
import dev.helix.ffn.expertparallel.TokenSender;
import dev.helix.ffn.expertparallel.TokenShares;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.record.TapRecord;
import dev.helix.tensor.trace.TraceTensor;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes routers that repeat what a numeric run has chosen in a step.
 *
 * @param step all rows of the step
 * @param passes the same by micro-batches, in the order in which they pass
 */
record ObservedRouters(TapRecord taps, List<QueryToken> step, List<List<QueryToken>> passes)
    implements RouterSource<TraceTensor> {
  @Override
  public TokenRouter<TraceTensor> router(int layer, Mixture mixture, ExpertRange experts) {
    Iterator<List<QueryToken>> next = passes.iterator();
    return (logits, routed) -> {
      Routing routing = taps.routing(layer, next.next()).orElseThrow();
      routed.accept(routing);
      return Dispatch.of(routing, experts);
    };
  }

  @Override
  public TokenSender<TraceTensor> sender(
      int layer, Mixture mixture, ExpertParallelSharding sharding) {
    Routing routing = taps.routing(layer, step).orElseThrow();
    return new TokenSender<>() {
      @Override
      public Sending send(TraceTensor logits, TokenShares shares, Consumer<Routing> routed) {
        return SentTokens.send(routing, sharding, shares);
      }

      @Override
      public Dispatch dispatch(TraceTensor logits, TokenShares shares) {
        return SentTokens.dispatch(routing, sharding, shares);
      }
    };
  }
}
