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
  private final int maxRanks;
  private final boolean experts;
  private final int requests;
  private final boolean hopB;
  private final List<Strategy> all = new ArrayList<>();

  /**
   * @param experts whether the model has experts, without which EP leaves nothing to choose
   * @param requests number of requests of the batch
   * @param hopB whether groups of Helix launch each request by itself
   */
  LegalRivals(int maxRanks, boolean experts, int requests, boolean hopB) {
    this.maxRanks = maxRanks;
    this.experts = experts;
    this.requests = requests;
    this.hopB = hopB;
  }

  /** All widths of one of the rivals, under every placement; an empty list for Helix itself. */
  List<Strategy> of(StrategyName name) {
    all.clear();
    for (int first = 1; first <= maxRanks; first++) {
      switch (name) {
        case HELIX -> {}
        case TENSOR_PARALLEL -> ffns(first).forEach(l -> all.add(new TensorParallelStrategy(l)));
        case PIPELINE -> pipelines(first);
        case DATA_PARALLEL -> groups(first);
        case MEDHA -> medhas(first);
      }
    }
    return List.copyOf(all);
  }

  private void pipelines(int pp) {
    // With one stage there is nothing that micro-batches could follow each other through.
    int most = pp > 1 ? requests : 1;
    for (int tpa = 1; pp * tpa <= maxRanks; tpa++) {
      for (Layout stage : ffns(tpa)) {
        for (int microBatches = 1; microBatches <= most; microBatches++) {
          all.add(new PipelineStrategy(pp, stage, microBatches));
        }
      }
    }
  }

  private void groups(int dp) {
    for (int kvp = 1; dp * kvp <= maxRanks; kvp++) {
      for (int tpa = 1; dp * kvp * tpa <= maxRanks; tpa++) {
        for (PlacementRule rule : LegalPlans.placements(kvp)) {
          all.add(new DataParallelStrategy(dp, kvp, tpa, rule, hopB));
        }
      }
    }
  }

  private void medhas(int kvp) {
    for (int tpa = 1; kvp * tpa <= maxRanks; tpa++) {
      for (int owners = 1; owners <= kvp; owners++) {
        for (Layout ffn : ffns(owners * tpa)) {
          for (PlacementRule rule : LegalPlans.placements(kvp)) {
            all.add(new MedhaStrategy(kvp, tpa, ffn.tpf(), ffn.ep(), rule));
          }
        }
      }
    }
  }

  /** Every FFN of some ranks, as a layout without KVP. */
  private List<Layout> ffns(int ranks) {
    return IntStream.rangeClosed(1, experts ? ranks : 1)
        .filter(ep -> ranks % ep == 0)
        .mapToObj(ep -> new Layout(1, ranks, ranks / ep, ep))
        .toList();
  }
}
