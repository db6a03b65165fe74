package dev.helix.attention.exact;

import dev.helix.tensor.exact.ExactRangeException;

/**
 * exp(s) as f·2^k with k = rint(s·log₂e) and f = exp(s − k·ln 2), about between √½ and √2. Both
 * depend on s alone, never on a maximum over tokens: so a weight is the same number on whatever
 * rank, and in whatever company, its token is.
 *
 * <p><b>Error.</b> ln 2 is split into a head of 32 bits and a tail. k·head is exact for |k| &lt;
 * 2²¹, and so is s − k·head: it is below 1 in magnitude and a multiple of 2⁻⁵⁴ or of the last bit
 * of s. The tail is taken off by one FMA, which rounds by at most 2⁻⁵⁴·½ and misses k·(ln 2 − head
 * − tail), below 2⁻⁶⁵ for the supported k. With the less than 1 ulp of {@link StrictMath#exp}, the
 * relative error of f·2^k against exp(s) is at most 2⁻⁵²·1.3, whatever the size of s.
 */
final class SplitExponential {
  /** Scores from minus this to this are supported; |k| is then below 2²⁰. */
  static final double MAX_SCORE = 0x1p19;

  static final double LOG2_E = 0x1.71547652b82fep0;
  static final double LN_2_HEAD = 0x1.62e42feep-1;
  static final double LN_2_TAIL = 0x1.a39ef35793c76p-33;

  private SplitExponential() {}

  /**
   * k, the exponent of the weight.
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

  /** f, the significand that goes with {@code exponent}. */
  static double significand(double score, int exponent) {
    double reduced = Math.fma(-exponent, LN_2_TAIL, score - exponent * LN_2_HEAD);
    return StrictMath.exp(reduced);
  }
}
