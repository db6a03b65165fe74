package dev.helix.runtime.timing.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.helix.runtime.timing.validation.Validation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The comparison of a machine with the published measurements, as {@code helix calibration --json}
 * writes it. Component names are the names of the JSON fields. Errors are fractions.
 *
 * @param passed whether every family that has a promised error keeps it
 */
public record CalibrationReport(
    Question question, boolean passed, List<RowFields> rows, List<FamilyFields> families) {
  /** The report of a validation. */
  public static CalibrationReport of(Question question, Validation validation) {
    return new CalibrationReport(
        question,
        validation.families().stream().allMatch(Validation.Family::withinLimit),
        validation.rows().stream().map(RowFields::of).toList(),
        validation.families().stream().map(FamilyFields::of).toList());
  }

  /**
   * The question that the user asked.
   *
   * @param machine the user's own file; left out for a machine that is known by name
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Question(String gpu, String preset, Optional<String> machine) {}

  /**
   * One measurement.
   *
   * @param measured its sizes, in words
   * @param half {@code fit} if constants were fitted to it, otherwise {@code check}
   * @param error (modelled − measured) / measured
   */
  public record RowFields(
      String family,
      String measured,
      String half,
      double modelledMicros,
      double measuredMicros,
      double error) {
    static RowFields of(Validation.Row row) {
      return new RowFields(
          row.measurement().family(),
          row.measurement().label(),
          row.measurement().half().toString(),
          row.modelledMicros(),
          row.measurement().micros(),
          row.error());
    }
  }

  /**
   * The mean absolute errors of one family.
   *
   * @param fitError error of the rows that constants were fitted to; left out if there are none
   * @param checkError error of the other rows; left out if there are none
   * @param promised the largest error that is promised; left out if nothing is
   * @param kept whether all rows keep the promise, and also those not fitted alone; true without a
   *     promise
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record FamilyFields(
      String family,
      int rows,
      OptionalDouble fitError,
      OptionalDouble checkError,
      double error,
      OptionalDouble promised,
      boolean kept) {
    static FamilyFields of(Validation.Family family) {
      return new FamilyFields(
          family.name(),
          family.rows(),
          known(family.fitError()),
          known(family.checkError()),
          family.error(),
          family.limit(),
          family.withinLimit());
    }

    /** The error; empty if it is NaN, which JSON does not have. */
    private static OptionalDouble known(double error) {
      return Double.isNaN(error) ? OptionalDouble.empty() : OptionalDouble.of(error);
    }
  }
}
