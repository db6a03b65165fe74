package dev.helix.runtime.report;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.helix.runtime.reading.CountingReading;
import dev.helix.tensor.scalar.OperationCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * A table of what all ranks of a counting run have computed, with a row for each operation of the
 * vocabulary.
 */
public final class CountsTable {
  private CountsTable() {}

  /** The table as lines, each with its line break. */
  public static String of(CountingReading reading, int ranks) {
    Map<String, List<OperationCounts>> byOperation = new TreeMap<>();
    for (int rank = 0; rank < ranks; rank++) {
      reading
          .counts(rank)
          .forEach(
              (operation, counts) ->
                  byOperation.computeIfAbsent(operation, key -> new ArrayList<>()).add(counts));
    }
    List<ColumnData<Map.Entry<String, List<OperationCounts>>>> columns =
        List.of(
            new Column()
                .header("operation, all ranks")
                .headerAlign(HorizontalAlign.LEFT)
                .dataAlign(HorizontalAlign.LEFT)
                .with(Map.Entry::getKey),
            column("additions", OperationCounts::additions),
            column("multiplications", OperationCounts::multiplications),
            column("divisions", OperationCounts::divisions),
            column("roots", OperationCounts::roots),
            column("exponentials", OperationCounts::exponentials),
            column("logarithms", OperationCounts::logarithms));
    return AsciiTable.getTable(AsciiTable.NO_BORDERS, byOperation.entrySet(), columns)
        .lines()
        .map(String::stripTrailing)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static ColumnData<Map.Entry<String, List<OperationCounts>>> column(
      String header, ToLongFunction<OperationCounts> count) {
    return new Column()
        .header(header)
        .headerAlign(HorizontalAlign.RIGHT)
        .dataAlign(HorizontalAlign.RIGHT)
        .with(row -> Long.toString(row.getValue().stream().mapToLong(count).sum()));
  }
}
