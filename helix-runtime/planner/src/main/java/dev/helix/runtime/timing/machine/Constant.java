package dev.helix.runtime.timing.machine;

/**
 * One number of a machine, with its source.
 *
 * @param value the number
 * @param unit the unit of the number
 * @param source a document, a measurement, or what the number was fitted to
 * @param date when the source was published or read, or the fit was made: {@code 2026-11-22}, or
 *     the year, or year and month
 */
public record Constant(double value, Unit unit, String source, String date) {
  /** The constant, multiplied with a factor. */
  public Constant times(double factor) {
    return new Constant(value * factor, unit, source, date);
  }
}
