package dev.helix.attention.convention;

/**
 * How an implementation rounds, as far as the bounds of its errors depend on it.
 *
 * @param precision the number formats, whose unit roundoffs make the bounds
 * @param functionUlps how far its exp and log may be off, in units in the last place
 */
public record Roundings(Precision precision, double functionUlps) {
  /**
   * Checks the accuracy.
   *
   * @throws IllegalArgumentException if {@code functionUlps} is below 0.5, which is correct
   *     rounding
   */
  public Roundings {
    if (!(functionUlps >= 0.5)) {
      throw new IllegalArgumentException("function ulps: expected >= 0.5, got " + functionUlps);
    }
  }

  /**
   * The roundings of an implementation whose functions are as accurate as is usual in these
   * formats.
   */
  public static Roundings of(Precision precision) {
    return new Roundings(precision, precision.functionUlps());
  }
}
