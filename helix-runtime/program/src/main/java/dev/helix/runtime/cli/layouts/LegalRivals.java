package dev.helix.runtime.cli.layouts;

import dev.helix.runtime.cli.option.StrategyName;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lists the widths of the rivals of Helix on up to a number of ranks. The strategies themselves
 * refuse those that a model or a batch does not allow.
 */
final class LegalRivals {
  private static final PlacementRule EACH_TURN = PlacementRule.roundRobin(1);

  private final int maxRanks;
  private final boolean experts;
  private final int requests;

  /**
   * @param experts whether the model has experts, without which EP leaves nothing to choose
   * @param requests number of requests of the batch
   */
  LegalRivals(int maxRanks, boolean experts, int requests) {
    this.maxRanks = maxRanks;
    this.experts = experts;
    this.requests = requests;
  }

  /** All widths of one of the rivals; an empty list for Helix itself. */
  List<Strategy> of(StrategyName name) {
    List<Strategy> all = new ArrayList<>();
    switch (name) {
      case HELIX -> {}
      case TENSOR_PARALLEL ->
          upTo(maxRanks)
              .forEach(tpa -> ffns(tpa).forEach(l -> all.add(new TensorParallelStrategy(l))));
      case PIPELINE -> upTo(maxRanks).forEach(pp -> pipelines(pp, all));
      case DATA_PARALLEL -> upTo(Math.min(maxRanks, requests)).forEach(dp -> groups(dp, all));
      case MEDHA -> upTo(maxRanks).forEach(kvp -> medhas(kvp, all));
    }
    return all;
  }

  private void pipelines(int pp, List<Strategy> all) {
    List<Integer> microBatches = pp > 1 && requests > 1 ? List.of(1, requests) : List.of(1);
    upTo(maxRanks / pp)
        .forEach(
            tpa ->
                ffns(tpa)
                    .forEach(
                        stage ->
                            microBatches.forEach(
                                parts -> all.add(new PipelineStrategy(pp, stage, parts)))));
  }

  private void groups(int dp, List<Strategy> all) {
    upTo(maxRanks / dp)
        .forEach(
            kvp ->
                upTo(maxRanks / dp / kvp)
                    .forEach(
                        tpa -> all.add(new DataParallelStrategy(dp, kvp, tpa, EACH_TURN, false))));
  }

  private void medhas(int kvp, List<Strategy> all) {
    upTo(maxRanks / kvp)
        .forEach(
            tpa ->
                upTo(kvp)
                    .forEach(
                        owners ->
                            ffns(owners * tpa)
                                .forEach(
                                    ffn ->
                                        all.add(
                                            new MedhaStrategy(
                                                kvp, tpa, ffn.tpf(), ffn.ep(), EACH_TURN)))));
  }

  /** Every FFN of some ranks, as a layout without KVP. */
  private List<Layout> ffns(int ranks) {
    return upTo(experts ? ranks : 1).stream()
        .filter(ep -> ranks % ep == 0)
        .map(ep -> new Layout(1, ranks, ranks / ep, ep))
        .toList();
  }

  private static List<Integer> upTo(int most) {
    return IntStream.rangeClosed(1, most).boxed().toList();
  }
}
