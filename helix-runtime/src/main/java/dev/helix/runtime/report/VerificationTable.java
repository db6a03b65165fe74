package dev.helix.runtime.report;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.helix.runtime.decode.StepTap.Place;
import dev.helix.runtime.verify.Comparison;
import dev.helix.runtime.verify.Verification;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The comparison with the unsharded baseline, a row for each layer and quantity. */
public final class VerificationTable {
  private VerificationTable() {}

  /** The table as lines, each ended. */
  public static String of(Verification verification) {
    List<ColumnData<Comparison>> columns =
        List.of(
            column("layer", HorizontalAlign.LEFT, VerificationTable::layer),
            column("quantity", HorizontalAlign.LEFT, Comparison::what),
            column("values", HorizontalAlign.RIGHT, c -> Long.toString(c.report().count())),
            column("max abs", HorizontalAlign.RIGHT, c -> number(c.report().maxAbs())),
            column("max rel", HorizontalAlign.RIGHT, c -> number(c.report().maxRelative())),
            column("max ulp", HorizontalAlign.RIGHT, c -> number(c.report().maxUlp())),
            column("bound", HorizontalAlign.RIGHT, c -> number(c.report().largestBound())),
            column("share", HorizontalAlign.RIGHT, c -> number(c.report().worstShare())),
            column("", HorizontalAlign.LEFT, c -> c.report().passed() ? "ok" : "EXCEEDED"));
    String table = AsciiTable.getTable(AsciiTable.NO_BORDERS, verification.comparisons(), columns);
    return table
        .lines()
        .map(String::stripTrailing)
        .filter(line -> !line.isEmpty())
        .collect(java.util.stream.Collectors.joining("\n", "", "\n"));
  }

  private static ColumnData<Comparison> column(
      String header, HorizontalAlign align, Function<Comparison, String> value) {
    return new Column().header(header).headerAlign(align).dataAlign(align).with(value);
  }

  private static String layer(Comparison comparison) {
    int layer = comparison.place().layer();
    return layer == Place.OUTSIDE ? "" : Integer.toString(layer);
  }

  private static String number(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value);
  }
}
