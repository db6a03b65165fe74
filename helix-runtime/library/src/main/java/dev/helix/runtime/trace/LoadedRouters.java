package dev.helix.runtime.trace;

import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.TokenRouter;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.runtime.loading.RouterSource;
import dev.helix.tensor.Axis;
import dev.helix.tensor.trace.TraceTensor;

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
}
