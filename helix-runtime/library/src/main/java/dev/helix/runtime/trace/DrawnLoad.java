package dev.helix.runtime.trace;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.Routing;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import dev.helix.ffn.expertparallel.Sending;
import dev.helix.ffn.expertparallel.TokenShares;

/** The load of a routing that is drawn at random for each layer ({@link SampledLoad#draw}). */
sealed interface DrawnLoad extends LoadModel
    permits LoadModel.SampledBusiestRank, LoadModel.PowerLaw {
  /** The popularity of the i-th most popular expert is proportional to i^−exponent. */
  double exponent();

  /** The seed of all draws. */
  long seed();

  @Override
  default Dispatch load(int layer, RouterRule rule, int local, int tokens) {
    return SampledLoad.busiest(rule, local, draw(layer, rule, tokens));
  }

  @Override
  default Sending send(
      int layer, RouterRule rule, ExpertParallelSharding sharding, TokenShares shares) {
    return SentTokens.send(draw(layer, rule, shares.all()), sharding, shares);
  }

  @Override
  default Dispatch dispatch(
      int layer, RouterRule rule, ExpertParallelSharding sharding, TokenShares shares) {
    return SentTokens.dispatch(draw(layer, rule, shares.all()), sharding, shares);
  }

  @Override
  default boolean sameInEveryLayer() {
    return false;
  }

  private Routing draw(int layer, RouterRule rule, int tokens) {
    return SampledLoad.draw(rule, tokens, exponent(), seed(), layer);
  }
}
