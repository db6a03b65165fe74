package dev.helix.attention.bounds;

/**
 * The true value of one part of a merge, or of several parts that are alike.
 *
 * @param count how many they are
 * @param weight p = exp(LSEᵢ − LSE) of all of them together
 * @param gap g = LSE − LSEᵢ ≥ 0 of each, in nats
 * @param exponentError how far an implementation's log-sum-exp of the part may be off before the
 *     merge begins, in nats; 0 where it is given
 * @param value Oᵢ, {@code [dim]}
 */
@SuppressWarnings("ArrayRecordComponent") // It is an argument of a bound, and nobody compares two.
public record MergedPart(
    long count, double weight, double gap, double exponentError, double[] value) {

  /** A part that stands for itself alone, so that {@code count} is 1. */
  public MergedPart(double weight, double gap, double exponentError, double[] value) {
    this(1, weight, gap, exponentError, value);
  }
}
