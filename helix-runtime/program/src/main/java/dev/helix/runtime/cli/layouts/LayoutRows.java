package dev.helix.runtime.cli.layouts;

import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.report.LayoutFields;
import dev.helix.runtime.report.LogitsDigest;
import dev.helix.runtime.strategy.PlacementRule;
import java.io.PrintStream;

/** A table with one row for each run, printed when the run is done. */
final class LayoutRows {
  private static final String ROW = "%5s  %3s  %3s  %3s  %3s  %-14s %8s  %s%n";
  private static final String STRATEGY = "%-6s %3s  %3s  %5s ";

  private final PrintStream out;
  private final boolean strategies;

  /**
   * Prints the heads of the columns.
   *
   * @param strategies whether there are other strategies than Helix
   */
  LayoutRows(PrintStream out, boolean strategies) {
    this.out = out;
    this.strategies = strategies;
    if (strategies) {
      out.printf(STRATEGY, "", "DP", "PP", "parts");
    }
    out.printf(
        ROW, "ranks", "KVP", "TPA", "TPF", "EP", "placement", "tokens/s", "SHA-256 of all logits");
  }

  void print(DecodePlan plan, DecodeResult result) {
    LayoutFields fields = LayoutFields.of(plan.strategy());
    if (strategies) {
      out.printf(
          STRATEGY,
          fields.strategy(),
          width(fields, "dp"),
          width(fields, "pp"),
          width(fields, "microBatches"));
    }
    out.printf(
        ROW,
        plan.strategy().ranks(),
        width(fields, "kvp"),
        width(fields, "tpa"),
        width(fields, "tpf"),
        width(fields, "ep"),
        placement(fields),
        Math.round(result.tokensPerSecond()),
        LogitsDigest.ofAll(result));
    out.flush();
  }

  private static Object width(LayoutFields fields, String name) {
    return fields.choices().getOrDefault(name, "-");
  }

  private static String placement(LayoutFields fields) {
    String rule = (String) fields.choices().get("placement");
    if (rule == null || width(fields, "kvp").equals(1)) {
      return "whole";
    }
    return rule.equals(PlacementRule.Kind.CONTIGUOUS.toString())
        ? rule
        : rule + " " + width(fields, "runLength");
  }
}
