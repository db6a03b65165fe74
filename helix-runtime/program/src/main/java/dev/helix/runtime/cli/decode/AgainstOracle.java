package dev.helix.runtime.cli.decode;

import dev.helix.runtime.cli.console.Progress;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.record.TapRecord;
import dev.helix.runtime.report.OracleTable;
import dev.helix.runtime.verify.OracleCheck;
import dev.helix.runtime.verify.OracleComparison;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Compares a run with 50-digit numbers ({@code --oracle}), shows progress, and prints the outcome.
 */
final class AgainstOracle {
  private AgainstOracle() {}

  static OracleComparison compare(DecodePlan plan, DecodeResult result, TapRecord record) {
    try (Progress progress = new Progress("50 digits", OracleCheck.steps(plan, result))) {
      return OracleCheck.compare(
          new DecodeRun(new ThreadRanks()), plan, result, record, progress::step);
    }
  }

  static void print(OracleComparison oracle, PrintStream out) {
    out.println("against 50 digits, each part from the run's own hidden state");
    out.println(OracleTable.of(oracle));
    out.printf(
        Locale.ROOT,
        "%d comparisons with 50 digits, at most %.1e of a bound, %.1e ulp%n",
        oracle.rows().size(),
        oracle.worstShare(),
        oracle.worstUlp());
    if (oracle.otherExperts() > 0) {
      out.printf(
          "%d choices of experts differ from those with 50 digits and are not compared%n",
          oracle.otherExperts());
    }
  }
}
