package dev.helix.runtime.cli.layouts;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.cli.console.Progress;
import dev.helix.runtime.cli.option.Readings;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.report.LogitsDigest;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.DefinitionCheck;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code --all-layouts}: the same requests on every legal layout of up to 8 ranks, in attention and
 * in the FFN, and under every placement; one row of a table each, as it is done.
 */
public final class AllLayouts {
  static final int MAX_RANKS = 8;

  private static final String ROW = "%5s  %3s  %3s  %3s  %3s  %-14s %8s  %s%n";

  private final Checkpoint checkpoint;
  private final List<DecodeRequest> requests;
  private final boolean hopB;
  private final String reading;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * @param reading its name; each run has a new one
   */
  public AllLayouts(
      Checkpoint checkpoint,
      List<DecodeRequest> requests,
      boolean hopB,
      String reading,
      PrintStream out,
      PrintStream err) {
    this.checkpoint = checkpoint;
    this.requests = requests;
    this.hopB = hopB;
    this.reading = reading;
    this.out = out;
    this.err = err;
  }

  /**
   * Runs them all.
   *
   * @param defined whether the first run's logits, of the exact reading, are held against the
   *     definition as well
   * @return the exit status
   */
  public int run(boolean defined) {
    List<DecodePlan> plans = plans();
    out.printf(
        ROW, "ranks", "KVP", "TPA", "TPF", "EP", "placement", "tokens/s", "SHA-256 of all logits");
    Set<String> digests = new LinkedHashSet<>();
    Optional<String> difference = Optional.empty();
    try (Progress progress = new Progress("decoding", plans.size() * steps())) {
      for (DecodePlan plan : plans) {
        DecodeResult result =
            new DecodeRun(new ThreadRanks())
                .decode(plan, Readings.named(reading), stepping(progress));
        if (defined && digests.isEmpty()) {
          difference = DefinitionCheck.firstDifference(checkpoint, result);
        }
        String digest = LogitsDigest.ofAll(result);
        digests.add(digest);
        progress.print(() -> print(plan, result, digest));
      }
    }
    return verdict(plans.size(), digests, defined, difference);
  }

  private void print(DecodePlan plan, DecodeResult result, String digest) {
    Layout layout = HelixStrategy.of(plan.strategy()).layout();
    out.printf(
        ROW,
        layout.ranks(),
        layout.kvp(),
        layout.tpa(),
        layout.tpf(),
        layout.ep(),
        name(plan),
        Math.round(result.tokensPerSecond()),
        digest);
    out.flush();
  }

  /** New tokens that one run is asked for. */
  private long steps() {
    return requests.stream().mapToLong(DecodeRequest::maxNew).sum();
  }

  /** Counts a request that ends early as if it had not. */
  private DecodeListener stepping(Progress progress) {
    int[] left = requests.stream().mapToInt(DecodeRequest::maxNew).toArray();
    return new DecodeListener() {
      @Override
      public void token(int request, int token, boolean last) {
        int steps = last ? left[request] : 1;
        left[request] -= steps;
        progress.step(steps);
      }
    };
  }

  private int verdict(int runs, Set<String> digests, boolean defined, Optional<String> difference) {
    if (!reading.equals(ExactReading.NAME)) {
      out.printf(
          "done: %d runs, %d different digests; not a verdict: the bits of the reading %s may"
              + " depend on the layout, those of --reading exact do not%n",
          runs, digests.size(), reading);
      return ExitStatus.DONE;
    }
    difference.ifPresent(words -> err.println("helix: not as defined: " + words));
    if (digests.size() > 1 || difference.isPresent()) {
      out.printf(
          "NOT VERIFIED: %d runs gave %d different digests%s%n",
          runs, digests.size(), difference.isPresent() ? ", and not those defined" : "");
      return ExitStatus.NOT_VERIFIED;
    }
    out.printf(
        "verified: %d runs, one digest%s%n",
        runs, defined ? ", and every bit as defined" : "; not compared with the definition");
    return ExitStatus.DONE;
  }

  /** Every legal layout, under every placement that it can tell apart. */
  private List<DecodePlan> plans() {
    List<DecodePlan> plans = new ArrayList<>();
    for (int ranks = 1; ranks <= MAX_RANKS; ranks++) {
      for (int tpa = 1; tpa <= ranks; tpa++) {
        if (ranks % tpa == 0) {
          addPlans(ranks / tpa, tpa, plans);
        }
      }
    }
    return plans;
  }

  /** Those of one layout of attention: without experts the FFN leaves nothing to choose. */
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

  /** A plan, or none where the layout breaks a rule of the model's. */
  private Optional<DecodePlan> plan(Layout layout, PlacementRule rule) {
    try {
      return Optional.of(
          new DecodePlan(
              checkpoint, new HelixStrategy(layout, rule, hopB), requests, Recording.STEPS));
    } catch (InvalidInputException e) {
      // A bad request would be refused under any layout: the first one shall say so.
      if (layout.ranks() == 1) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static String name(DecodePlan plan) {
    PlacementRule rule = HelixStrategy.of(plan.strategy()).placement();
    if (HelixStrategy.of(plan.strategy()).layout().kvp() == 1) {
      return "whole";
    }
    return rule.kind() == PlacementRule.Kind.CONTIGUOUS
        ? rule.kind().toString()
        : rule.kind() + " " + rule.runLength();
  }
}
