package dev.helix.laws.strategy;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.List;

/** Strategies that are the same program because a width leaves nothing to divide. */
final class SameProgram {
  private static final PlacementRule EACH_TURN = PlacementRule.roundRobin(1);
  private static final Layout ONE = Layout.dense(1, 1);

  private SameProgram() {}

  /**
   * Two strategies that are one program.
   *
   * @param why which widths make them one
   */
  record Pair(String why, Strategy one, Strategy other) {}

  /** The strategy on one rank beside Helix there, and every other pair that it is in. */
  static List<Pair> of(StrategyCase given) {
    Strategy strategy = given.strategy();
    ModelConfig model = given.model().sizes();
    List<Pair> pairs = new ArrayList<>();
    pairs.add(new Pair("on one rank", alone(strategy), new HelixStrategy(ONE, EACH_TURN)));
    if (strategy instanceof TensorParallelStrategy tensor) {
      pairs.add(new Pair("KVP = 1 is TP", strategy, new HelixStrategy(tensor.layout(), EACH_TURN)));
    }
    if (strategy instanceof PipelineStrategy pipeline) {
      pairs.add(
          new Pair(
              "one stage is TP",
              new PipelineStrategy(1, pipeline.stage(), 1),
              new TensorParallelStrategy(pipeline.stage())));
    }
    if (strategy instanceof MedhaStrategy medha && medha.ffnLayout().ranks() == medha.ranks()) {
      Layout layout = new Layout(medha.kvp(), medha.tpa(), medha.tpf(), medha.ep());
      pairs.add(
          new Pair(
              "Medha on all ranks is Helix",
              strategy,
              new HelixStrategy(layout, medha.placement())));
    }
    if (strategy instanceof DataParallelStrategy data && model.mixture().isEmpty()) {
      pairs.add(
          new Pair(
              "one group is Helix",
              new DataParallelStrategy(1, data.kvp(), data.tpa(), data.placement(), data.hopB()),
              new HelixStrategy(
                  Layout.dense(data.kvp(), data.tpa()), data.placement(), data.hopB())));
    }
    pairs.removeIf(pair -> !fits(pair.one(), model) || !fits(pair.other(), model));
    return pairs;
  }

  /** The same strategy with widths of 1. */
  private static Strategy alone(Strategy strategy) {
    if (strategy instanceof PipelineStrategy) {
      return new PipelineStrategy(1, ONE, 1);
    }
    if (strategy instanceof DataParallelStrategy) {
      return new DataParallelStrategy(1, 1, 1, EACH_TURN, false);
    }
    if (strategy instanceof MedhaStrategy) {
      return new MedhaStrategy(1, 1, 1, 1, EACH_TURN);
    }
    return new TensorParallelStrategy(ONE);
  }

  /** Helix has no layout where KV heads are duplicated. */
  private static boolean fits(Strategy strategy, ModelConfig model) {
    try {
      strategy.requireFits(model);
      return true;
    } catch (InvalidInputException e) {
      return false;
    }
  }
}
