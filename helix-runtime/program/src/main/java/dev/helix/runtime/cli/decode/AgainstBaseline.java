package dev.helix.runtime.cli.decode;

import dev.helix.runtime.cli.console.Progress;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.record.TapRecord;
import dev.helix.runtime.report.CostedVerification;
import dev.helix.runtime.report.VerificationTable;
import dev.helix.runtime.verify.FormatEffect;
import dev.helix.runtime.verify.RoutingCheck;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import java.io.PrintStream;
import java.util.Locale;

/** Compares a run with the unsharded baseline, shows progress, and prints the outcome. */
final class AgainstBaseline {
  private AgainstBaseline() {}

  static CostedVerification verify(DecodePlan plan, DecodeResult result, TapRecord record) {
    Verification verification;
    try (Progress progress = new Progress("verifying", Verifier.steps(result))) {
      verification = Verifier.verify(plan, result, record, () -> progress.step(1));
    }
    return new CostedVerification(verification, DeployedTimes.ofRun(plan, result));
  }

  static void print(CostedVerification costed, PrintStream out) {
    out.println(VerificationTable.of(costed));
    RoutingCheck routing = costed.verification().routing();
    if (routing.decisions() > 0) {
      out.printf(
          "routing: %d choices of experts; %d other than the baseline's, %d of them near ties that"
              + " rounding decides%n",
          routing.decisions(), routing.different(), routing.nearTies());
    }
  }

  static void print(FormatEffect effect, PrintStream out) {
    effect.saturated().ifPresent(count -> out.printf("KV cache: %d numbers saturated%n", count));
    out.printf(
        Locale.ROOT,
        "%s: after the same tokens the logits differ by at most %.2g from those with weights as"
            + " stored and a cache in FP64, and %d of %d tokens would be others%n",
        effect.formats(),
        effect.largestDifference(),
        effect.otherTokens(),
        effect.tokens());
  }
}
