package dev.helix.runtime.cli.layouts;

import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.report.LogitsDigest;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.mesh.Layout;
import java.io.PrintStream;

/** Prints a table with one row for each run. The row is printed when the run is done. */
final class LayoutRows {
  private static final String ROW = "%5s  %3s  %3s  %3s  %3s  %-14s %8s  %s%n";

  private final PrintStream out;

  /** Prints the headings of the columns. */
  LayoutRows(PrintStream out) {
    this.out = out;
    out.printf(
        ROW, "ranks", "KVP", "TPA", "TPF", "EP", "placement", "tokens/s", "SHA-256 of all logits");
  }

  void print(DecodePlan plan, DecodeResult result) {
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
        LogitsDigest.ofAll(result));
    out.flush();
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
