package dev.helix.runtime.cli.verify;

import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.sharded.tally.Stage;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What all verdicts on a dump come to, in its last line.
 *
 * @param judged the verdicts
 * @param wanted the stages that were asked for
 */
record Conclusion(List<Judged> judged, Set<Stage> wanted) {
  /** The last line. */
  String line() {
    if (isWrong()) {
      return "WRONG: rounding does not explain these numbers";
    }
    if (isUndecided()) {
      return "UNDECIDED: some numbers are beyond their bounds, but too few to tell whether the"
          + " softmax scale is another one: give --scale";
    }
    if (!isChecked()) {
      return "NO VERDICT: nothing could be checked";
    }
    boolean suspected = judged.stream().anyMatch(one -> one.suspected().isPresent());
    return right() + (suspected ? ", unless kernels add up in splits" : "");
  }

  /** The exit status. */
  int status() {
    return isWrong()
        ? ExitStatus.NOT_VERIFIED
        : isChecked() && !isUndecided() ? ExitStatus.DONE : ExitStatus.BAD_INPUT;
  }

  private boolean isWrong() {
    return judged.stream().anyMatch(one -> one.verdict().isWrong());
  }

  private boolean isUndecided() {
    return judged.stream().anyMatch(Judged::isUndecided);
  }

  private boolean isChecked() {
    return judged.stream().anyMatch(one -> one.verdict().isChecked());
  }

  /** A dump is right as far as it was checked, which is said where that is not everywhere. */
  private String right() {
    Set<Stage> everywhere = EnumSet.noneOf(Stage.class);
    Set<Stage> somewhere = EnumSet.noneOf(Stage.class);
    for (Stage stage : wanted) {
      long verdicts = judged.stream().filter(one -> isChecked(one, stage)).count();
      if (verdicts == judged.size()) {
        everywhere.add(stage);
      } else if (verdicts > 0) {
        somewhere.add(stage);
      }
    }
    if (everywhere.equals(wanted)) {
      return "right: rounding explains every number that was checked";
    }
    String partly =
        somewhere.isEmpty() ? "" : "; not in every step and layer: %s".formatted(names(somewhere));
    return "right in the %d of %d stages that could be checked (%s%s): rounding explains every number there"
        .formatted(
            everywhere.size() + somewhere.size(),
            wanted.size(),
            everywhere.isEmpty() ? "none throughout" : names(everywhere),
            partly);
  }

  private static boolean isChecked(Judged one, Stage stage) {
    return one.verdict().stages().stream()
        .anyMatch(verdict -> verdict.stage() == stage && verdict.isChecked());
  }

  private static String names(Set<Stage> stages) {
    return stages.stream().map(Stage::toString).collect(Collectors.joining(", "));
  }
}
