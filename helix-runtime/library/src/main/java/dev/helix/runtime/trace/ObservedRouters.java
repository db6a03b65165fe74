package dev.helix.runtime.trace;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.Routing;
import dev.helix.ffn.TokenRouter;
import dev.helix.ffn.helix.MoeSharding;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.RecordedRouting;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.record.TapPoint;
import dev.helix.tensor.trace.TraceTensor;
import java.util.List;

/** Routers that repeat what a numeric run has chosen in a step. */
record ObservedRouters(RunRecord record, List<StepRow> rows) implements RouterSource<TraceTensor> {
  @Override
  public TokenRouter<TraceTensor> router(
      int rank, int layer, Mixture mixture, MoeSharding sharding) {
    return (logits, routed) -> {
      TapPoint place = new TapPoint(layer, Quantity.ROUTING);
      Routing routing =
          new Routing(
              rows.stream()
                  .map(row -> RecordedRouting.choice(record.row(place, row.place())))
                  .toList());
      routed.accept(routing);
      return Dispatch.of(routing, sharding.firstExpert(rank), sharding.localExperts());
    };
  }
}
