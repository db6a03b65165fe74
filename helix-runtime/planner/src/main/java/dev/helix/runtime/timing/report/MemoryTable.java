package dev.helix.runtime.timing.report;

import com.github.freva.asciitable.HorizontalAlign;
import dev.helix.runtime.timing.memory.MemoryItem;
import dev.helix.runtime.trace.StepQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints what a step takes of the memory of the fullest GPU. */
public final class MemoryTable {
  private MemoryTable() {}

  /** One line of the table. */
  private record Row(String item, long bytes) {}

  /** The items, and how they grow with the context, as lines, each ended. */
  public static String of(MemoryReport memory) {
    List<Row> rows = new ArrayList<>();
    for (MemoryItem item : MemoryItem.values()) {
      long bytes = memory.fullest().items().get(item.field());
      if (bytes > 0) {
        rows.add(new Row(item.toString(), bytes));
      }
    }
    rows.add(new Row("all of these", memory.fullest().totalBytes()));
    rows.add(new Row("reserve", memory.capacity().reserveBytes()));
    rows.add(new Row("free", memory.freeBytes()));
    String title = "memory of a GPU, the fullest (rank %d)".formatted(firstRank(memory));
    double whole = memory.capacity().bytes();
    return new TextTable<Row>()
            .column(title, HorizontalAlign.LEFT, Row::item)
            .column("MB", row -> number("%.2f", row.bytes / 1e6))
            .column(
                "of %.2f GB".formatted(whole / 1e9),
                row -> number("%.1f%%", 100 * row.bytes / whole))
            .of(rows)
        + growth(memory);
  }

  private static String growth(MemoryReport memory) {
    int largest = memory.growth().largestContext();
    String fitting =
        largest == 0
            ? "no context fits"
            : largest == StepQueries.MAX_CONTEXT
                ? "every context fits that can be asked for"
                : "contexts of up to %d tokens fit".formatted(largest);
    return " one token more in every request adds %s bytes; %s%n"
        .formatted(number("%.0f", memory.growth().bytesPerToken()), fitting);
  }

  private static int firstRank(MemoryReport memory) {
    return memory.fullest().ranks().get(0);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
