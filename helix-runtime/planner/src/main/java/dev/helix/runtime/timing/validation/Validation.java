package dev.helix.runtime.timing.validation;

import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.validation.Measurement.Half;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A machine held against every published measurement: what it says, what was measured, and the mean
 * absolute error of each family. Reported by halves: constants of the {@code silicon} preset were
 * fitted to one half, and the other says what the fit is worth.
 */
public record Validation(List<Row> rows, List<Family> families) {
  public Validation {
    rows = List.copyOf(rows);
    families = List.copyOf(families);
  }

  /** One measurement and the machine's word on it. */
  public record Row(Measurement measurement, double modelledMicros) {
    /** (modelled − measured) / measured. */
    public double error() {
      return modelledMicros / measurement.micros() - 1;
    }
  }

  /**
   * A family's mean absolute errors, as fractions; NaN of a half without rows.
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
    /** Whether the promise, if there is one, is kept: by all rows and by those not fitted. */
    public boolean withinLimit() {
      return limit.isEmpty()
          || (error <= limit.getAsDouble() && !(checkError > limit.getAsDouble()));
    }
  }

  /** Holds a machine against all measurements. */
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
