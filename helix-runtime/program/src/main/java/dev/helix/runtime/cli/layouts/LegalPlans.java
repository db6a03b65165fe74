package dev.helix.runtime.cli.layouts;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a plan for every legal layout of up to 8 ranks, under every placement that makes a
 * difference on the layout.
 */
final class LegalPlans {
  static final int MAX_RANKS = 8;

  private final Checkpoint checkpoint;
  private final List<DecodeRequest> requests;
  private final boolean hopB;

  private LegalPlans(Checkpoint checkpoint, List<DecodeRequest> requests, boolean hopB) {
    this.checkpoint = checkpoint;
    this.requests = requests;
    this.hopB = hopB;
  }

  /**
   * Makes all plans.
   *
   * @throws InvalidInputException if a request is wrong whatever the layout
   */
  static List<DecodePlan> of(Checkpoint checkpoint, List<DecodeRequest> requests, boolean hopB) {
    LegalPlans legal = new LegalPlans(checkpoint, requests, hopB);
    List<DecodePlan> plans = new ArrayList<>();
    for (int ranks = 1; ranks <= MAX_RANKS; ranks++) {
      for (int tpa = 1; tpa <= ranks; tpa++) {
        if (ranks % tpa == 0) {
          legal.addPlans(ranks / tpa, tpa, plans);
        }
      }
    }
    return plans;
  }

  /**
   * Adds the plans of one layout of attention. Without experts there is only one layout of the FFN.
   */
  private void addPlans(int kvp, int tpa, List<DecodePlan> plans) {
    int ranks = kvp * tpa;
    int groups = checkpoint.config().mixture().isPresent() ? ranks : 1;
    for (int ep = 1; ep <= groups; ep++) {
      if (ranks % ep == 0) {
        Layout layout = new Layout(kvp, tpa, ranks / ep, ep);
        for (PlacementRule rule : placements(kvp)) {
          plan(layout, rule).ifPresent(plans::add);
        }
      }
    }
  }

  private static List<PlacementRule> placements(int kvp) {
    PlacementRule paged = PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH);
    return kvp == 1
        ? List.of(paged)
        : List.of(paged, PlacementRule.roundRobin(1), PlacementRule.contiguous());
  }

  /** A plan; empty if the layout breaks a rule of the model. */
  private Optional<DecodePlan> plan(Layout layout, PlacementRule rule) {
    try {
      return Optional.of(
          new DecodePlan(
              checkpoint, new HelixStrategy(layout, rule, hopB), requests, Recording.STEPS));
    } catch (InvalidInputException e) {
      // A bad request would be refused under any layout, so the first one says so.
      if (layout.ranks() == 1) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
