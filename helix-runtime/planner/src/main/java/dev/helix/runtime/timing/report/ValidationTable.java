package dev.helix.runtime.timing.report;

import com.github.freva.asciitable.HorizontalAlign;
import dev.helix.runtime.timing.validation.Validation;
import java.util.List;
import java.util.Locale;

/** Prints a validation: first every row, then every family, then which promises are missed. */
public final class ValidationTable {
  private ValidationTable() {}

  /** The tables as lines, each with its line break. */
  public static String of(Validation validation) {
    String rows =
        new TextTable<Validation.Row>()
            .column("family", HorizontalAlign.LEFT, r -> r.measurement().family())
            .column("measured", HorizontalAlign.LEFT, r -> r.measurement().label())
            .column("part", HorizontalAlign.LEFT, r -> r.measurement().part().toString())
            .column("modelled µs", r -> micros(r.modelledMicros()))
            .column("measured µs", r -> micros(r.measurement().micros()))
            .column("error", r -> String.format(Locale.ROOT, "%+.1f%%", 100 * r.error()))
            .of(validation.rows());
    String families =
        new TextTable<Validation.Family>()
            .column("family", HorizontalAlign.LEFT, Validation.Family::name)
            .column("rows", f -> Integer.toString(f.rows()))
            .column("to check", f -> Integer.toString(f.checked()))
            .column("MAPE, fitted", f -> percent(f.fitError()))
            .column("MAPE, checked", f -> percent(f.checkError()))
            .column("promised", ValidationTable::promise)
            .of(validation.families());
    return rows + "\n" + families + "\n" + conclusion(validation.families()) + "\n";
  }

  private static String conclusion(List<Validation.Family> families) {
    List<String> missed =
        families.stream().filter(f -> !f.withinLimit()).map(Validation.Family::name).toList();
    return missed.isEmpty()
        ? "all %d promises are kept".formatted(families.size())
        : "%d of %d promises are missed: %s"
            .formatted(missed.size(), families.size(), String.join("; ", missed));
  }

  private static String promise(Validation.Family family) {
    String limit = String.format(Locale.ROOT, "%.0f%%", 100 * family.limit());
    return limit + (family.withinLimit() ? " kept" : " MISSED");
  }

  private static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * fraction);
  }

  private static String micros(double micros) {
    return String.format(Locale.ROOT, micros < 100 ? "%.2f" : "%.1f", micros);
  }
}
