package dev.helix.laws.algebra;

import dev.helix.attention.convention.LogBase;

/**
 * The weight of a partial attention as the pair that some kernels export in place of a log-sum-exp:
 * l = Σ exp(sⱼ − m). Many pairs describe the same state, one for each valid reference m; only the
 * greatest score is a common choice of it, not a duty (law 15).
 *
 * @param reference m, finite; −∞ only in the pair of no tokens
 * @param sum l ≥ 0, finite; 0 says that there are no tokens
 */
public record MaxSum(double reference, double sum) {
  /** The weight of a part without tokens. */
  public static final MaxSum EMPTY = new MaxSum(Double.NEGATIVE_INFINITY, 0);

  /**
   * Checks the pair. NaN is accepted in either number, because a state made of such a pair has to
   * report it.
   *
   * @throws IllegalArgumentException if the pair cannot come from finite scores
   */
  public MaxSum {
    if (reference == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "reference of a (max, sum) pair: expected a finite number, or −∞ without tokens, got +∞");
    }
    if (sum < 0 || sum == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "sum of a (max, sum) pair: expected a finite number >= 0, got " + sum);
    }
    if (reference == Double.NEGATIVE_INFINITY && sum > 0) {
      throw new IllegalArgumentException(
          "reference of a (max, sum) pair: −∞ is for sum 0, got sum " + sum);
    }
  }

  /** Whether this is the weight of a state without tokens; the reference has no effect on that. */
  public boolean isEmpty() {
    return sum == 0;
  }

  /**
   * m + ln l in base e, m·log₂e + log₂l in base 2; −∞ if there are no tokens.
   *
   * @param base of the logarithm returned
   */
  public double lse(LogBase base) {
    if (isEmpty()) {
      return Double.NEGATIVE_INFINITY;
    }
    return base.fromNatural(reference) + base.fromNatural(StrictMath.log(sum));
  }

  /**
   * The same weight at another reference, l·exp(m − m′).
   *
   * @param other m′, finite
   * @throws ArithmeticException if the sum leaves the range of doubles: m′ is then not valid
   */
  public MaxSum at(double other) {
    PartialState.requireReference(other);
    if (isEmpty()) {
      return EMPTY;
    }
    return new MaxSum(
        other, PartialState.requireRepresented(PartialState.scaled(sum, reference - other), other));
  }
}
