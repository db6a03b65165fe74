package dev.helix.runtime.report;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.helix.runtime.record.TapPoint;
import dev.helix.runtime.timing.report.QuantityCosts;
import dev.helix.runtime.timing.report.QuantityTable;
import dev.helix.runtime.verify.Comparison;
import dev.helix.tensor.compare.ErrorReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A table of the comparison with the unsharded baseline, with a row for each layer and quantity.
 */
public final class VerificationTable {
  private VerificationTable() {}

  /** The table as lines, each with its line break. */
  public static String of(CostedVerification costed) {
    List<ColumnData<Comparison>> columns = new ArrayList<>(errors(Function.identity()));
    columns.add(cost("launches", costed, QuantityTable::launches));
    columns.add(cost("FLOP", costed, QuantityTable::flops));
    columns.add(cost("bytes", costed, QuantityTable::bytes));
    columns.add(cost("GB200 µs", costed, QuantityTable::micros));
    columns.add(outcome(Function.identity()));
    return table(costed.verification().comparisons(), columns);
  }

  /** The columns that say where the errors are, how large they are, and how large they may be. */
  static <R> List<ColumnData<R>> errors(Function<R, Comparison> of) {
    return List.of(
        column("layer", HorizontalAlign.LEFT, row -> layer(of.apply(row))),
        column("quantity", HorizontalAlign.LEFT, row -> of.apply(row).what()),
        number("values", of, report -> Long.toString(report.count())),
        number("max abs", of, report -> number(report.maxAbs())),
        number("max rel", of, report -> number(report.maxRelative())),
        number("max ulp", of, report -> number(report.maxUlp())),
        number("bound", of, report -> number(report.largestBound())),
        number("share", of, report -> number(report.worstShare())));
  }

  static <R> ColumnData<R> outcome(Function<R, Comparison> of) {
    return column(
        "", HorizontalAlign.LEFT, row -> of.apply(row).report().passed() ? "ok" : "EXCEEDED");
  }

  private static ColumnData<Comparison> cost(
      String header, CostedVerification costed, Function<QuantityCosts.Sum, String> value) {
    return column(header, HorizontalAlign.RIGHT, row -> costed.cost(row).map(value).orElse(""));
  }

  /** A table without borders, and without blanks at the ends of its rows. */
  static <R> String table(List<R> rows, List<ColumnData<R>> columns) {
    return AsciiTable.getTable(AsciiTable.NO_BORDERS, rows, columns)
        .lines()
        .map(String::stripTrailing)
        .filter(line -> !line.isEmpty())
        .collect(java.util.stream.Collectors.joining("\n", "", "\n"));
  }

  private static <R> ColumnData<R> number(
      String header, Function<R, Comparison> of, Function<ErrorReport, String> value) {
    return column(header, HorizontalAlign.RIGHT, row -> value.apply(of.apply(row).report()));
  }

  static <R> ColumnData<R> column(String header, HorizontalAlign align, Function<R, String> value) {
    return new Column().header(header).headerAlign(align).dataAlign(align).with(value);
  }

  private static String layer(Comparison comparison) {
    int layer = comparison.place().layer();
    return layer == TapPoint.OUTSIDE ? "" : Integer.toString(layer);
  }

  static String number(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value);
  }
}
