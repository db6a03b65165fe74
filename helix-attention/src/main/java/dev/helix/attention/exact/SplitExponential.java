package dev.helix.attention.exact;

import dev.helix.tensor.exact.ExactRangeException;

/**
 * Computes exp(s) as f·2^k with k = rint(s·log₂e) and f = exp(s − k·ln 2), which lies about between
 * √½ and √2. Both depend on s alone, never on a maximum over tokens. So a weight is the same number
 * on whatever rank its token is, and whatever other tokens are there.
 *
 * <p><b>Error.</b> ln 2 is split into a head of 32 bits and a tail. k·head is exact for |k| &lt;
 * 2²¹, and so is s − k·head: it is below 1 in magnitude and a multiple of 2⁻⁵⁴ or of the last bit
 * of s. One FMA subtracts the tail. It rounds by at most 2⁻⁵⁴·½ and misses k·(ln 2 − head − tail),
 * which is below 2⁻⁶⁵ for the supported k. {@link StrictMath#exp} errs by less than 1 ulp. So the
 * relative error of f·2^k against exp(s) is at most 2⁻⁵²·1.3, whatever the size of s.
 */
final class SplitExponential {
  /** The largest magnitude of a supported score; |k| is then below 2²⁰. */
  static final double MAX_SCORE = 0x1p19;

  static final double LOG2_E = 0x1.71547652b82fep0;
  static final double LN_2_HEAD = 0x1.62e42feep-1;
  static final double LN_2_TAIL = 0x1.a39ef35793c76p-33;

  private SplitExponential() {}

  /**
   * The exponent k of the weight.
   *
   * @throws ExactRangeException naming {@code operation} if the score is NaN or beyond ±{@link
   *     #MAX_SCORE}
   */
  static int exponent(String operation, double score) {
    if (!(Math.abs(score) <= MAX_SCORE)) {
      throw new ExactRangeException(
          "%s: a score is %s, expected a number of at most %s in magnitude"
              .formatted(operation, score, MAX_SCORE));
    }
    return (int) Math.rint(score * LOG2_E);
  }

  /** The significand f of the weight, for the exponent that {@code exponent} gives. */
  static double significand(double score, int exponent) {
    double reduced = Math.fma(-exponent, LN_2_TAIL, score - exponent * LN_2_HEAD);
    return StrictMath.exp(reduced);
  }
}
