package dev.helix.runtime.trace;

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
import dev.helix.tensor.Axis;
import dev.helix.tensor.trace.TraceTensor;
import java.util.function.Consumer;

/** Makes routers that give every rank the load of a stated model. */
record LoadedRouters(LoadModel load) implements RouterSource<TraceTensor> {
  @Override
  public boolean sameOnEveryRank() {
    return true;
  }

  @Override
  public TokenRouter<TraceTensor> router(int layer, Mixture mixture, ExpertRange experts) {
    return (logits, routed) ->
        load.load(layer, mixture.rule(), experts.count(), logits.spec().size(Axis.BATCH));
  }

  @Override
  public boolean sameTraffic() {
    return load.sameOnEveryRank();
  }

  @Override
  public TokenSender<TraceTensor> sender(
      int layer, Mixture mixture, ExpertParallelSharding sharding) {
    return new TokenSender<>() {
      @Override
      public Sending send(TraceTensor logits, TokenShares shares, Consumer<Routing> routed) {
        return load.send(layer, mixture.rule(), sharding, shares);
      }

      @Override
      public Dispatch dispatch(TraceTensor logits, TokenShares shares) {
        return load.dispatch(layer, mixture.rule(), sharding, shares);
      }
    };
  }
}
