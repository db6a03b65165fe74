package dev.helix.runtime.cli.verify;

import dev.helix.runtime.sharded.dumped.DumpedStep;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import java.util.List;
import java.util.Optional;

/**
 * A step of a dump with its verdict.
 *
 * @param dumped the step
 * @param verdict what was found
 * @param suspected what would be wrong if kernels added up in splits
 * @param hints with which other facts wrong stages would be right, one sentence each
 */
record Judged(
    DumpedStep dumped, StepVerdict verdict, Optional<StepVerdict> suspected, List<String> hints) {
  Judged {
    hints = List.copyOf(hints);
  }

  /** Whether a stage that was asked for could not be decided. */
  boolean isUndecided() {
    return verdict.stages().stream().anyMatch(stage -> isUndecided(stage.stage()));
  }

  /** Whether the numbers of a stage are wrong as far as facts are known, and do not tell others. */
  boolean isUndecided(Stage stage) {
    return dumped.facts().undecided().contains(stage);
  }
}
