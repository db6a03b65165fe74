package dev.helix.attention.convention;

import dev.helix.tensor.InvalidInputException;

/**
 * How an implementation writes partial states down, and how it rounds. Everything not declared is
 * as in {@link #of}.
 *
 * @param roundings the number formats, and the accuracy of its functions
 * @param base of its log-sum-exps
 * @param weights whether it exchanges log-sum-exps, or (max, sum) pairs with the max in units of
 *     the base
 * @param order of tokens and heads in its arrays
 * @param emptyLse the log-sum-exp by which it marks a part without tokens, rounded to its format:
 *     infinite, or at least 1e6 in magnitude, which no part with tokens has
 */
public record Convention(
    Roundings roundings, LogBase base, WeightForm weights, AxisOrder order, double emptyLse) {
  private static final double LEAST_MARK = 1e6;

  /**
   * Rounds the mark to the format of log-sum-exps.
   *
   * @throws InvalidInputException if the mark could be the log-sum-exp of a part with tokens
   */
  public Convention {
    if (Double.isNaN(emptyLse)) {
      throw new IllegalArgumentException("NaN cannot mark a part without tokens");
    }
    if (Math.abs(emptyLse) < LEAST_MARK) {
      throw new InvalidInputException(
          "mark of a part without tokens: expected an infinity or at least 1e6 in magnitude, which"
              + " no LSE is, got "
              + emptyLse);
    }
    emptyLse = roundings.precision().lse().round(emptyLse);
  }

  /** Natural logarithms, tokens first, −∞ for no tokens. */
  public static Convention of(Precision precision) {
    return new Convention(
        Roundings.of(precision),
        LogBase.E,
        WeightForm.LSE,
        AxisOrder.TOKENS_FIRST,
        Double.NEGATIVE_INFINITY);
  }

  /** With log-sum-exps in base 2. */
  public Convention base2() {
    return new Convention(roundings, LogBase.TWO, weights, order, emptyLse);
  }

  /** With heads before tokens in all arrays. */
  public Convention headsFirst() {
    return new Convention(roundings, base, weights, AxisOrder.HEADS_FIRST, emptyLse);
  }

  /** With another mark of a part without tokens, such as +∞ or −1e30. */
  public Convention emptyAs(double lse) {
    return new Convention(roundings, base, weights, order, lse);
  }

  /** With (max, sum) pairs in place of log-sum-exps. */
  public Convention maxSum() {
    return new Convention(roundings, base, WeightForm.MAX_SUM, order, emptyLse);
  }

  /** With elementary functions of another accuracy. */
  public Convention functionUlps(double ulps) {
    return new Convention(new Roundings(precision(), ulps), base, weights, order, emptyLse);
  }

  /** The number formats. */
  public Precision precision() {
    return roundings.precision();
  }

  /** How far exp and log may be off, in units of the last place. */
  public double functionUlps() {
    return roundings.functionUlps();
  }

  /** Whether weights are (max, sum) pairs. */
  public boolean pairs() {
    return weights == WeightForm.MAX_SUM;
  }

  /** A log-sum-exp in this base as the implementation has it: its mark in place of −∞. */
  public double declared(double lse) {
    return lse == Double.NEGATIVE_INFINITY ? emptyLse : lse;
  }
}
