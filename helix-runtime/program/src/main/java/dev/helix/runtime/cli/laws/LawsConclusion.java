package dev.helix.runtime.cli.laws;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.runtime.cli.console.ExitStatus;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the outcomes of all laws come to. Where no law could be checked there is no verdict, since a
 * program that was never asked has kept nothing.
 *
 * @param outcomes one for each implementation and law
 */
record LawsConclusion(List<LawOutcome> outcomes) {
  /**
   * The last line.
   *
   * @param speed how many cases there were, and how many per second
   */
  String line(String speed) {
    return isBroken() || isChecked()
        ? "%s; shares are of the derived bound; %s".formatted(verdict(), speed)
        : "NO VERDICT: no law could be checked";
  }

  private String verdict() {
    if (isBroken()) {
      return "NOT ALL LAWS HOLD";
    }
    int tried = laws(outcomes).size();
    int checked = laws(outcomes.stream().filter(LawOutcome::checked).toList()).size();
    return checked == tried
        ? "all laws hold"
        : "all laws hold that could be checked, %d of %d".formatted(checked, tried);
  }

  /** The exit status. */
  int status() {
    return isBroken()
        ? ExitStatus.NOT_VERIFIED
        : isChecked() ? ExitStatus.DONE : ExitStatus.BAD_INPUT;
  }

  /** Whether a law was checked and none is broken. */
  boolean passed() {
    return status() == ExitStatus.DONE;
  }

  private boolean isBroken() {
    return !outcomes.stream().allMatch(LawOutcome::holds);
  }

  private boolean isChecked() {
    return outcomes.stream().anyMatch(LawOutcome::checked);
  }

  private static Set<Law> laws(List<LawOutcome> outcomes) {
    return outcomes.stream().map(LawOutcome::law).collect(Collectors.toSet());
  }
}
