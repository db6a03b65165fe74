package dev.helix.runtime.cli.layouts;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.cli.option.StrategyName;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists every legal layout of up to 8 ranks, under every placement that the layout can tell apart
 * and with every number of micro-batches.
 */
final class LegalPlans {
  static final int MAX_RANKS = 8;

  private final Checkpoint checkpoint;
  private final List<DecodeRequest> requests;
  private final boolean hopB;
  private final CacheFormat cache;
  private final List<DecodePlan> plans = new ArrayList<>();

  private LegalPlans(
      Checkpoint checkpoint, List<DecodeRequest> requests, boolean hopB, CacheFormat cache) {
    this.cache = cache;
    this.checkpoint = checkpoint;
    this.requests = requests;
    this.hopB = hopB;
  }

  /**
   * A plan for each legal layout.
   *
   * @param strategies whose layouts are listed, in this order
   * @param cache the format of the KV cache
   * @throws InvalidInputException if a request is wrong whatever the layout, or no layout is legal
   */
  static List<DecodePlan> of(
      Checkpoint checkpoint,
      List<DecodeRequest> requests,
      List<StrategyName> strategies,
      boolean hopB,
      CacheFormat cache) {
    LegalPlans legal = new LegalPlans(checkpoint, requests, hopB, cache);
    // A bad request would be refused under any layout: the simplest one shall say so.
    legal.plan(new HelixStrategy(Layout.dense(1, 1), paged(), hopB));
    legal.plans.clear();
    for (StrategyName strategy : strategies) {
      if (strategy == StrategyName.HELIX) {
        legal.addHelix();
      } else {
        boolean experts = checkpoint.config().mixture().isPresent();
        new LegalRivals(MAX_RANKS, experts, requests.size(), hopB)
            .of(strategy)
            .forEach(legal::addIfLegal);
      }
    }
    return legal.plans;
  }

  private void addHelix() {
    for (int ranks = 1; ranks <= MAX_RANKS; ranks++) {
      for (int tpa = 1; tpa <= ranks; tpa++) {
        if (ranks % tpa == 0) {
          addHelix(ranks / tpa, tpa);
        }
      }
    }
  }

  /**
   * Adds the plans of one layout of attention. Without experts the FFN leaves nothing to choose.
   */
  private void addHelix(int kvp, int tpa) {
    int ranks = kvp * tpa;
    int groups = checkpoint.config().mixture().isPresent() ? ranks : 1;
    for (int ep = 1; ep <= groups; ep++) {
      if (ranks % ep == 0) {
        Layout layout = new Layout(kvp, tpa, ranks / ep, ep);
        for (PlacementRule rule : placements(kvp)) {
          addIfLegal(new HelixStrategy(layout, rule, hopB));
        }
      }
    }
  }

  /** The placements that a layout can tell apart. */
  static List<PlacementRule> placements(int kvp) {
    return kvp == 1
        ? List.of(paged())
        : List.of(paged(), PlacementRule.roundRobin(1), PlacementRule.contiguous());
  }

  private static PlacementRule paged() {
    return PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH);
  }

  /** Adds a plan, unless the layout breaks a rule of the model's or of the batch's. */
  private void addIfLegal(Strategy strategy) {
    try {
      plan(strategy);
    } catch (InvalidInputException e) {
      // Not legal: its rule is none of the user's concern, who has not asked for this layout.
      return;
    }
  }

  private void plan(Strategy strategy) {
    plans.add(new DecodePlan(checkpoint, strategy, requests, Recording.STEPS, cache));
  }
}
