package dev.helix.runtime.timing.report;

import com.github.freva.asciitable.HorizontalAlign;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.timing.report.QuantityCosts.Sum;
import java.util.Locale;
import java.util.Map;

/** Prints what the quantities of one step cost, with all layers added up. */
public final class QuantityTable {
  private QuantityTable() {}

  /** The table as lines, each with its line break. */
  public static String of(QuantityCosts costs) {
    return new TextTable<Map.Entry<Quantity, Sum>>()
        .column("quantity", HorizontalAlign.LEFT, row -> row.getKey().toString())
        .column("launches", row -> launches(row.getValue()))
        .column("FLOP", row -> flops(row.getValue()))
        .column("bytes", row -> bytes(row.getValue()))
        .column("GB200 µs", row -> micros(row.getValue()))
        .of(costs.byQuantity().entrySet());
  }

  /** The number of launches and transfers. */
  public static String launches(Sum sum) {
    return Long.toString(sum.launches());
  }

  /** The FLOPs, to three digits. */
  public static String flops(Sum sum) {
    return threeDigits(sum.flops());
  }

  /** The bytes through HBM and on the wire. */
  public static String bytes(Sum sum) {
    return threeDigits(sum.bytes());
  }

  /** The time of the operations one after the other, in microseconds. */
  public static String micros(Sum sum) {
    return String.format(Locale.ROOT, "%.0f", sum.micros());
  }

  private static String threeDigits(long amount) {
    return amount == 0 ? "0" : String.format(Locale.ROOT, "%.3g", (double) amount);
  }
}
