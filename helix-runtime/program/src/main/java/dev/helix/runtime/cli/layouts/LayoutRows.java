package dev.helix.runtime.cli.layouts;

import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.report.LayoutFields;
import dev.helix.runtime.report.LayoutsReport;
import dev.helix.runtime.strategy.PlacementRule;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;

/** A table with one row for each run, printed when the run is done. */
final class LayoutRows {
  private static final String ROW = "%5s  %3s  %3s  %3s  %3s  %-14s %8s  ";
  private static final String STRATEGY = "%-6s %3s  %3s  %5s ";
  private static final String SHARE = "%8s  %12s  ";
  private static final String TOTAL = "%-8s %7s  %7s  %8s  %13s  %s%n";

  private final PrintStream out;
  private final boolean strategies;

  /**
   * Prints the heads of the columns.
   *
   * @param strategies whether there are other strategies than Helix
   * @param shares whether the parts of each layout are held against the baseline
   */
  LayoutRows(PrintStream out, boolean strategies, boolean shares) {
    this.out = out;
    this.strategies = strategies;
    if (strategies) {
      out.printf(STRATEGY, "", "DP", "PP", "parts");
    }
    out.printf(ROW, "ranks", "KVP", "TPA", "TPF", "EP", "placement", "tokens/s");
    if (shares) {
      out.printf(SHARE, "share", "bytes sent");
    }
    out.println("SHA-256 of all logits");
  }

  void print(DecodePlan plan, LayoutsReport.Run run) {
    LayoutFields fields = run.layout();
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
        Math.round(run.tokensPerSecond()));
    run.parts()
        .ifPresent(
            parts ->
                out.printf(
                    SHARE,
                    parts.passed() ? share(parts.worstShare()) : "BROKEN",
                    parts.mostBytesSent()));
    out.println(run.logitsSha256());
    out.flush();
  }

  /** A row for each strategy: how many layouts, and what was found of their parts. */
  void printTotals(List<LayoutsReport.Run> runs) {
    Map<String, List<LayoutsReport.Run>> byStrategy = new LinkedHashMap<>();
    runs.forEach(
        run ->
            byStrategy
                .computeIfAbsent(run.layout().strategy(), none -> new ArrayList<>())
                .add(run));
    out.println();
    out.printf(TOTAL, "strategy", "layouts", "digests", "verified", "largest share", "bytes sent");
    byStrategy.forEach(
        (strategy, own) -> {
          List<LayoutsReport.Parts> parts =
              own.stream().flatMap(run -> run.parts().stream()).toList();
          LongSummaryStatistics bytes =
              parts.stream().mapToLong(LayoutsReport.Parts::mostBytesSent).summaryStatistics();
          out.printf(
              TOTAL,
              strategy,
              own.size(),
              own.stream().map(LayoutsReport.Run::logitsSha256).distinct().count(),
              parts.stream().filter(LayoutsReport.Parts::passed).count(),
              share(parts.stream().mapToDouble(LayoutsReport.Parts::worstShare).max().orElse(0)),
              bytes.getMin() + " to " + bytes.getMax());
        });
    out.println();
  }

  private static String share(double share) {
    return String.format(Locale.ROOT, "%.1e", share);
  }

  private static Object width(LayoutFields fields, String name) {
    return fields.choices().getOrDefault(name, "-");
  }

  private static String placement(LayoutFields fields) {
    String rule = (String) fields.choices().get("placement");
    if (rule == null) {
      return "whole";
    }
    return rule.equals(PlacementRule.Kind.CONTIGUOUS.toString())
        ? rule
        : rule + " " + width(fields, "runLength");
  }
}
