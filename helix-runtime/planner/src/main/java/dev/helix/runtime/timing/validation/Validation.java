package dev.helix.runtime.timing.validation;

import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.validation.Measurement.Part;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The comparison of a machine with every published measurement: the modelled time, the measured
 * time, and the mean absolute error of each family. Errors are reported by parts: constants of the
 * {@code silicon} preset were fitted to some rows, and the rows of the check part show how good the
 * fit is.
 */
public record Validation(List<Row> rows, List<Family> families) {
  public Validation {
    rows = List.copyOf(rows);
    families = List.copyOf(families);
  }

  /** One measurement and the time that the machine's constants give for it. */
  public record Row(Measurement measurement, double modelledMicros) {
    /** The relative error, (modelled − measured) / measured. */
    public double error() {
      return modelledMicros / measurement.micros() - 1;
    }
  }

  /**
   * The mean absolute relative errors of one family, as fractions.
   *
   * @param rows number of all rows
   * @param checked number of rows of the check part
   * @param fitError error of the rows that forms and constants were chosen with
   * @param checkError error of the rows of the check part
   * @param limit the error of the check part that was asked of the preset {@code silicon}
   */
  public record Family(
      String name, int rows, int checked, double fitError, double checkError, double limit) {
    /** Whether the rows that no constant was fitted to are within the limit. */
    public boolean withinLimit() {
      return checkError <= limit;
    }
  }

  /** Compares a machine with all measurements. */
  public static Validation of(Machine machine) {
    ModelledTime modelled = new ModelledTime(machine);
    Measurements measurements = Measurements.read();
    List<Row> rows =
        measurements.rows().stream()
            .map(measurement -> new Row(measurement, modelled.micros(measurement)))
            .toList();
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.add(row.measurement().family()));
    List<Family> families = new ArrayList<>();
    for (String name : names) {
      List<Row> own = rows.stream().filter(r -> r.measurement().family().equals(name)).toList();
      List<Row> checked = own.stream().filter(Validation::isChecked).toList();
      List<Row> fitted = own.stream().filter(row -> !isChecked(row)).toList();
      families.add(
          new Family(
              name,
              own.size(),
              checked.size(),
              error(fitted),
              error(checked),
              measurements.limit(name)));
    }
    return new Validation(rows, families);
  }

  private static boolean isChecked(Row row) {
    return row.measurement().part() == Part.CHECK;
  }

  /** The mean absolute relative error. */
  private static double error(List<Row> rows) {
    return rows.stream().mapToDouble(row -> Math.abs(row.error())).average().orElseThrow();
  }
}
