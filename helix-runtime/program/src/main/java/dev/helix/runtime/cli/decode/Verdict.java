package dev.helix.runtime.cli.decode;

import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.cli.console.ExitStatus;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.report.CostedVerification;
import dev.helix.runtime.report.LogitsDigest;
import dev.helix.runtime.verify.DefinitionCheck;
import dev.helix.runtime.verify.OracleComparison;
import dev.helix.runtime.verify.Verification;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides whether a run is verified: prints its last lines and gives its exit status. The lines
 * name the first comparison that failed (with the definition, the oracle and the baseline, in this
 * order), or say that none did.
 *
 * @param plan the plan of the run
 * @param result the result of the run
 * @param unverified the option by which the run is not compared with the baseline, if it is not
 * @param verification the comparison with the baseline; empty if the user wants no verdict
 * @param oracle the comparison with the oracle; empty if it was not asked for
 */
record Verdict(
    DecodePlan plan,
    DecodeResult result,
    String unverified,
    Optional<CostedVerification> verification,
    Optional<OracleComparison> oracle) {

  /**
   * Prints the verdict.
   *
   * @param exact whether the logits have a definition with which to compare them
   * @return the exit status
   */
  int say(boolean exact, Console console) {
    PrintStream out = console.out();
    if (exact && !isAsDefined(console)) {
      out.println("NOT VERIFIED: the logits differ from their definition");
      return ExitStatus.NOT_VERIFIED;
    }
    if (oracle.isPresent() && !oracle.get().passed()) {
      out.println("NOT VERIFIED: an error against 50 digits exceeds its bound");
      return ExitStatus.NOT_VERIFIED;
    }
    String speed = String.format(Locale.ROOT, "%.0f tokens/s", result.tokensPerSecond());
    if (verification.isEmpty()) {
      out.printf("done, not verified (%s): %s%n", unverified, speed);
      return ExitStatus.DONE;
    }
    return ofBaseline(verification.get().verification(), speed, console);
  }

  /**
   * Prints the digest of the logits, and compares them with their definition if they have one.
   *
   * @return whether no difference was found
   */
  private boolean isAsDefined(Console console) {
    console.out().println("SHA-256 of all logits: " + LogitsDigest.ofAll(result));
    Optional<String> difference =
        verification.flatMap(
            asked -> DefinitionCheck.firstDifference(plan.checkpoint(), plan.cache(), result));
    difference.ifPresent(words -> console.complain("not as defined: " + words));
    return difference.isEmpty();
  }

  private int ofBaseline(Verification checked, String speed, Console console) {
    PrintStream out = console.out();
    if (checked.passed()) {
      out.printf(
          Locale.ROOT,
          "verified: %s; %d comparisons within their derived bounds, at"
              + " most %.1e of one, and the logits within their estimated one; %d of %d tokens as"
              + " the baseline's; %s%n",
          ranksThatAgree(),
          checked.derived().count(),
          checked.worstShare(),
          checked.tokensAsBaseline(),
          checked.tokens(),
          speed);
      return ExitStatus.DONE;
    }
    checked.failures().forEach(console::complain);
    out.printf("NOT VERIFIED: %d failures%n", checked.failures().size());
    return ExitStatus.NOT_VERIFIED;
  }

  /** The ranks that hold the same: all of them, or each those of its own requests or stage. */
  private String ranksThatAgree() {
    int ranks = plan.strategy().ranks();
    boolean all = plan.strategy().hidden(0).copies(0).size() == ranks;
    if (ranks == 1) {
      return "one rank";
    }
    return (all ? ranks + " ranks" : "of " + ranks + " ranks, those that hold the same")
        + " agree bit for bit";
  }
}
