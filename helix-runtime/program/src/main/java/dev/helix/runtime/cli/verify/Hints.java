package dev.helix.runtime.cli.verify;

import dev.helix.attention.ScoreRule;
import dev.helix.attention.convention.LogBase;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.OtherBase;
import dev.helix.runtime.sharded.verdict.OtherPlacement;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * With which other facts wrong stages would be right. Who says a base, a placement or a rule of
 * scores wrongly, or not at all, should not have to look for a fault of the kernel.
 */
final class Hints {
  private final RightStates right;
  private final StepVerdict verdict;

  private Hints(RightStates right, StepVerdict verdict) {
    this.right = right;
    this.verdict = verdict;
  }

  /**
   * A sentence for each such fact.
   *
   * @param right the references by which the step was judged
   * @param unknown for stages that cannot be judged without another fact, what has to be said
   */
  static List<String> of(RightStates right, StepVerdict verdict, Map<Stage, String> unknown) {
    if (!verdict.isWrong()) {
      return List.of();
    }
    Hints hints = new Hints(right, verdict);
    Optional<String> base = OtherBase.of(right, verdict, unknown).map(Hints::inBase);
    Optional<String> placement =
        Optional.of(OtherPlacement.of(right, verdict))
            .filter(placements -> !placements.isEmpty())
            .map(Hints::dealt);
    Optional<String> unsaid = base.isPresent() ? Optional.empty() : hints.unsaid();
    return Stream.of(base, placement, unsaid).flatMap(Optional::stream).toList();
  }

  private static String inBase(LogBase base) {
    String name = base == LogBase.TWO ? "2" : "e";
    return "In base %s all of these LSEs are right: give --lse-base %s if the kernel reports them so."
        .formatted(name, name);
  }

  private static String dealt(List<OtherPlacement> placements) {
    List<String> rules = new ArrayList<>();
    List<String> options = new ArrayList<>();
    for (OtherPlacement each : placements) {
      if (each.runLength().isEmpty()) {
        rules.add("as one contiguous part for each rank");
        options.add("--placement contiguous");
      } else {
        rules.add("in runs of " + each.runLength().getAsInt());
        options.add("--run-length " + each.runLength().getAsInt());
      }
    }
    return "Dealt %s, the tokens of all ranks are right: give %s if the system deals them so."
        .formatted(String.join(", or ", rules), String.join(" or ", options));
  }

  /** A rule of scores belongs to a model, so it shows on most ranks, and no fault explains it. */
  private Optional<String> unsaid() {
    Optional<StageVerdict> partial =
        verdict.stages().stream()
            .filter(stage -> stage.stage() == Stage.PARTIAL && stage.isWrong())
            .findFirst();
    boolean named =
        partial.isEmpty()
            || partial.get().explanations().stream().allMatch(Explanation::isWhole)
            || 2 * wrongRanks(partial.get()) <= right.step().ranks().size();
    ScoreRule scores = right.step().facts().scores();
    List<String> rules = new ArrayList<>();
    if (scores.window().isEmpty()) {
      rules.add("a sliding window (--window)");
    }
    if (scores.softCap().isEmpty()) {
      rules.add("a soft cap of scores (--soft-cap)");
    }
    return named || rules.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Nobody has said %s: give it if the model has one."
                .formatted(String.join(" or ", rules)));
  }

  private static long wrongRanks(StageVerdict stage) {
    return stage.tally().wrongPlaces().stream().map(Place::rank).distinct().count();
  }
}
