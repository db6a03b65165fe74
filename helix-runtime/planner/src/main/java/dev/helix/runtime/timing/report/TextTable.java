package dev.helix.runtime.timing.report;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints a table without borders, as the other reports do. */
final class TextTable<R> {
  private static final int WIDEST = 200;

  private final List<ColumnData<R>> columns = new ArrayList<>();

  TextTable<R> column(String header, Function<R, String> value) {
    return column(header, HorizontalAlign.RIGHT, value);
  }

  TextTable<R> column(String header, HorizontalAlign align, Function<R, String> value) {
    columns.add(
        new Column()
            .header(header)
            .headerAlign(align)
            .dataAlign(align)
            .maxWidth(WIDEST)
            .with(value));
    return this;
  }

  /** The table as lines, each with its line break. */
  String of(Collection<R> rows) {
    return AsciiTable.getTable(AsciiTable.NO_BORDERS, rows, columns)
        .lines()
        .map(String::stripTrailing)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
