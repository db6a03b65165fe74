package dev.helix.runtime.timing.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.helix.runtime.timing.validation.Validation;
import java.util.List;
import java.util.Optional;

/**
 * The comparison of a machine with the published measurements, as {@code helix calibration --json}
 * writes it. Component names are the names of the JSON fields. Errors are fractions.
 *
 * @param passed whether every family keeps its promised error
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
   * @param part {@code fit} or {@code choose} if constants were fitted to it, otherwise {@code
   *     check}
   * @param error (modelled − measured) / measured
   */
  public record RowFields(
      String family,
      String measured,
      String part,
      double modelledMicros,
      double measuredMicros,
      double error) {
    static RowFields of(Validation.Row row) {
      return new RowFields(
          row.measurement().family(),
          row.measurement().label(),
          row.measurement().part().toString(),
          row.modelledMicros(),
          row.measurement().micros(),
          row.error());
    }
  }

  /**
   * The mean absolute errors of one family.
   *
   * @param checked number of rows of the check part
   * @param fitError error of the rows that constants were fitted to
   * @param checkError error of the other rows
   * @param promised the largest error of the other rows that is promised
   * @param kept whether the other rows keep the promise
   */
  public record FamilyFields(
      String family,
      int rows,
      int checked,
      double fitError,
      double checkError,
      double promised,
      boolean kept) {
    static FamilyFields of(Validation.Family family) {
      return new FamilyFields(
          family.name(),
          family.rows(),
          family.checked(),
          family.fitError(),
          family.checkError(),
          family.limit(),
          family.withinLimit());
    }
  }
}
