package dev.helix.runtime.timing.validation;

import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.validation.Measurement.Half;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The comparison of a machine with every published measurement: the modelled time, the measured
 * time, and the mean absolute error of each family. Errors are reported by halves: constants of the
 * {@code silicon} preset were fitted to one half, and the other half shows how good the fit is.
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
   * The mean absolute errors of one family, as fractions; NaN for a half without rows.
   *
   * @param limit what the {@code silicon} preset promises, if it promises anything
   */
  public record Family(
      String name,
      int rows,
      double fitError,
      double checkError,
      double error,
      OptionalDouble limit) {
    /** Whether the rows that nothing was fitted to keep the promise, if there is one. */
    public boolean withinLimit() {
      return limit.isEmpty() || checkError <= limit.getAsDouble();
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
      families.add(
          new Family(
              name,
              own.size(),
              error(own, Set.of(Half.FIT)),
              error(own, Set.of(Half.CHECK)),
              error(own, Set.of(Half.values())),
              measurements.limit(name)));
    }
    return new Validation(rows, families);
  }

  private static double error(List<Row> rows, Set<Half> halves) {
    return rows.stream()
        .filter(row -> halves.contains(row.measurement().half()))
        .mapToDouble(row -> Math.abs(row.error()))
        .average()
        .orElse(Double.NaN);
  }
}
