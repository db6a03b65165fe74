package dev.helix.runtime.trace;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.Dispatch;
import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.Routing;
import dev.helix.ffn.TokenRouter;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.record.TapRecord;
import dev.helix.tensor.trace.TraceTensor;
import java.util.List;

/** Makes routers that repeat what a numeric run has chosen in a step. */
record ObservedRouters(TapRecord taps, List<QueryToken> step) implements RouterSource<TraceTensor> {
  @Override
  public TokenRouter<TraceTensor> router(int layer, Mixture mixture, ExpertRange experts) {
    return (logits, routed) -> {
      Routing routing = taps.routing(layer, step).orElseThrow();
      routed.accept(routing);
      return Dispatch.of(routing, experts);
    };
  }
}
