package dev.helix.attention.exact;

import dev.helix.attention.convention.LogBase;
import dev.helix.tensor.exact.ExactSums;

/**
 * The log-sum-exp of an exact state, rounded, for reports and comparisons with other merges. The
 * merge itself needs no logarithm, because an exact state holds Σ exp(sⱼ) as an exact number.
 *
 * <p><b>Error</b> of {@link #lse}: at most 4u·|lse|. Let the sum be f·2^k with f between √½ and √2.
 * k·ln 2 is the sum of a head, which is exact, and a tail. {@link StrictMath#log} errs by less than
 * 1 ulp of at most 0.35. That is less than 2.1u of the result unless k is 0, and then half an ulp
 * of the result. The last addition rounds once.
 */
public final class ExactLse {
  private static final double SQRT_2 = 1.4142135623730951;

  private ExactLse() {}

  /**
   * The logarithm of a sum of weights.
   *
   * @param weights sums of exponentials of scores, as {@link ExactAttentionKernels#flashDecode}
   *     leaves them in {@code lse}
   * @return the logarithm; −∞ if the sum is 0, as it is without tokens
   */
  public static double lse(ExactSums weights, int index, LogBase base) {
    if (weights.isZero(index)) {
      return Double.NEGATIVE_INFINITY;
    }
    int exponent = weights.exponent(index);
    double significand = weights.round(index, exponent);
    if (significand > SQRT_2) {
      significand /= 2;
      exponent++;
    }
    double rest = StrictMath.log(significand);
    return base == LogBase.TWO
        ? exponent + rest * SplitExponential.LOG2_E
        : exponent * SplitExponential.LN_2_HEAD
            + Math.fma(exponent, SplitExponential.LN_2_TAIL, rest);
  }
}
