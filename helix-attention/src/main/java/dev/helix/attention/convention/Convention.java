package dev.helix.attention.convention;

import dev.helix.tensor.InvalidInputException;

/**
 * How an implementation represents partial states, and how it rounds.
 *
 * @param roundings the number formats, and the accuracy of its exp and log
 * @param base the base of its log-sum-exps
 * @param weights whether it exchanges log-sum-exps, or (max, sum) pairs with the max in units of
 *     the base
 * @param order the order of tokens and heads in its arrays
 * @param emptyLse the log-sum-exp that marks a part without tokens, rounded to its format. It is
 *     infinite, or at least 1e6 in magnitude, which no part with tokens reaches
 */
public record Convention(
    Roundings roundings, LogBase base, WeightForm weights, AxisOrder order, double emptyLse) {
  private static final double LEAST_MARK = 1e6;

  /**
   * Rounds the mark of an empty part to the format of log-sum-exps.
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

  /** The convention with natural logarithms, tokens first, and −∞ for a part without tokens. */
  public static Convention of(Precision precision) {
    return new Convention(
        Roundings.of(precision),
        LogBase.E,
        WeightForm.LSE,
        AxisOrder.TOKENS_FIRST,
        Double.NEGATIVE_INFINITY);
  }

  /** This convention with log-sum-exps in base 2. */
  public Convention base2() {
    return new Convention(roundings, LogBase.TWO, weights, order, emptyLse);
  }

  /** This convention with heads before tokens in all arrays. */
  public Convention headsFirst() {
    return new Convention(roundings, base, weights, AxisOrder.HEADS_FIRST, emptyLse);
  }

  /** This convention with another mark of a part without tokens, such as +∞ or −1e30. */
  public Convention emptyAs(double lse) {
    return new Convention(roundings, base, weights, order, lse);
  }

  /** This convention with (max, sum) pairs in place of log-sum-exps. */
  public Convention maxSum() {
    return new Convention(roundings, base, WeightForm.MAX_SUM, order, emptyLse);
  }

  /** This convention with elementary functions of another accuracy. */
  public Convention functionUlps(double ulps) {
    return new Convention(new Roundings(precision(), ulps), base, weights, order, emptyLse);
  }

  /** The number formats. */
  public Precision precision() {
    return roundings.precision();
  }

  /** How far exp and log may be off, in units in the last place. */
  public double functionUlps() {
    return roundings.functionUlps();
  }

  /** Whether partial states carry (max, sum) pairs. */
  public boolean pairs() {
    return weights == WeightForm.MAX_SUM;
  }

  /** Converts a natural log-sum-exp to this base, and −∞ to the mark of a part without tokens. */
  public double declared(double lse) {
    return lse == Double.NEGATIVE_INFINITY ? emptyLse : lse;
  }
}
