package dev.helix.attention.exact.definition;

import dev.helix.tensor.exact.definition.Dyadic;
import dev.helix.tensor.exact.definition.LinearDefinition;
import java.util.Arrays;

/**
 * The definition of exact attention for one query head over all of its tokens, in any order.
 *
 * <pre>
 * sⱼ = scale · (q·kⱼ)                 the dot product in fixed order; both roundings to nearest
 * kⱼ = rint(sⱼ · log₂e)               to the nearest integer
 * fⱼ = exp(sⱼ − kⱼ·ln 2)              in StrictMath; ln 2 as head + tail
 * pⱼ = fⱼ·2^kⱼ                        exact
 * Oᵢ = Σⱼ pⱼ·vⱼᵢ / Σⱼ pⱼ              both sums exact, the quotient rounded once, to nearest even
 * </pre>
 *
 * <p>Only the first three lines round before the last does, and each of them knows one token alone.
 * Without tokens the result is +0.0.
 */
public final class AttentionDefinition {
  /** Scores beyond this are not defined. */
  public static final double MAX_SCORE = 524288;

  /** log₂e to the nearest double. */
  private static final double LOG2_E = 1.4426950408889634;

  /** The first 32 bits of ln 2, so that k·head is exact for |k| below 2²¹. */
  private static final double LN_2_HEAD = 0.6931471803691238;

  /** ln 2 less its head, to the nearest double. */
  private static final double LN_2_TAIL = 1.9082149292705877E-10;

  private AttentionDefinition() {}

  /**
   * Attention of one head.
   *
   * @param query {@code [headDim]}
   * @param keys for each token {@code [headDim]}
   * @param values for each token {@code [valueDim]}
   * @return {@code [valueDim]}
   * @throws ArithmeticException if a score is NaN or beyond ±{@link #MAX_SCORE}
   */
  public static double[] attend(
      double[] query, double[][] keys, double[][] values, double scale, int valueDim) {
    Dyadic weights = Dyadic.ZERO;
    Dyadic[] weighted = new Dyadic[valueDim];
    Arrays.fill(weighted, Dyadic.ZERO);
    for (int j = 0; j < keys.length; j++) {
      double score = scale * LinearDefinition.dot(query, 0, keys[j], 0, query.length);
      Dyadic weight = weight(score);
      weights = weights.plus(weight);
      for (int i = 0; i < valueDim; i++) {
        weighted[i] = weighted[i].plus(weight.times(Dyadic.of(values[j][i])));
      }
    }
    double[] output = new double[valueDim];
    for (int i = 0; i < valueDim && keys.length > 0; i++) {
      output[i] = weighted[i].nearestQuotient(weights);
    }
    return output;
  }

  /** f·2^k, which stands for exp(score). */
  public static Dyadic weight(double score) {
    if (!(Math.abs(score) <= MAX_SCORE)) {
      throw new ArithmeticException("a score is " + score);
    }
    double k = Math.rint(score * LOG2_E);
    double reduced = Math.fma(-k, LN_2_TAIL, score - k * LN_2_HEAD);
    return Dyadic.of(StrictMath.exp(reduced)).timesPowerOfTwo((int) k);
  }
}
