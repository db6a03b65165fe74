package dev.helix.attention.definition;

import dev.helix.attention.ScoreRule;
import dev.helix.tensor.exact.definition.Dyadic;
import dev.helix.tensor.exact.definition.LinearDefinition;
import java.util.Arrays;

/**
 * Defines the exact attention of one query head over all of its tokens, in any order.
 *
 * <pre>
 * sⱼ = scale · (q·kⱼ)                 the dot product in fixed order; both roundings to nearest
 * sⱼ ← cap · tanh(sⱼ / cap)           with a soft cap: three operations, tanh in StrictMath
 * sⱼ ← sⱼ − slope · (p − j)           with ALiBi: two operations
 * kⱼ = rint(sⱼ · log₂e)               to the nearest integer
 * fⱼ = exp(sⱼ − kⱼ·ln 2)              in StrictMath; ln 2 as head + tail
 * pⱼ = fⱼ·2^kⱼ                        exact
 * Oᵢ = Σⱼ pⱼ·vⱼᵢ / Σⱼ pⱼ              both sums exact, the quotient rounded once, to nearest even
 * </pre>
 *
 * <p>Both sums are over the tokens with 0 ≤ p − j &lt; window; a sink is one more term pⱼ, made
 * from its logit in place of sⱼ, with the value 0. Before the last line only the lines for scores
 * and weights round, and each of them uses one token alone. Without tokens the result is +0.0.
 */
public final class AttentionDefinition {
  /** The largest magnitude of a score for which attention is defined. */
  public static final double MAX_SCORE = 524288;

  /** log₂e to the nearest double. */
  private static final double LOG2_E = 1.4426950408889634;

  /** The first 32 bits of ln 2, so that k·head is exact for |k| below 2²¹. */
  private static final double LN_2_HEAD = 0.6931471803691238;

  /** ln 2 less its head, to the nearest double. */
  private static final double LN_2_TAIL = 1.9082149292705877E-10;

  private AttentionDefinition() {}

  /**
   * The attention of one head.
   *
   * @param query {@code [headDim]}
   * @param keys {@code [headDim]} for each token
   * @param values {@code [valueDim]} for each token
   * @return {@code [valueDim]}
   * @throws ArithmeticException if a score is NaN or beyond ±{@link #MAX_SCORE}
   */
  public static double[] attend(
      double[] query, double[][] keys, double[][] values, double scale, int valueDim) {
    ScoreRule rule = ScoreRule.ofScale(scale);
    return attend(query, keys, values, new int[keys.length], rule, 0, valueDim);
  }

  /**
   * The attention of one head under a score rule.
   *
   * @param query {@code [headDim]}
   * @param keys {@code [headDim]} for each token
   * @param values {@code [valueDim]} for each token
   * @param distances how many positions before the query each token is; may be negative
   * @param head the head whose sink and slope are used
   * @return {@code [valueDim]}
   * @throws ArithmeticException if a score is NaN or beyond ±{@link #MAX_SCORE}
   */
  public static double[] attend(
      double[] query,
      double[][] keys,
      double[][] values,
      int[] distances,
      ScoreRule rule,
      int head,
      int valueDim) {
    boolean sink = rule.sink(head) != Double.NEGATIVE_INFINITY;
    Dyadic weights = sink ? weight(rule.sink(head)) : Dyadic.ZERO;
    Dyadic[] weighted = new Dyadic[valueDim];
    Arrays.fill(weighted, Dyadic.ZERO);
    int visible = 0;
    for (int j = 0; j < keys.length; j++) {
      if (distances[j] < 0 || distances[j] >= rule.window().orElse(Integer.MAX_VALUE)) {
        continue;
      }
      visible++;
      double product = LinearDefinition.dot(query, 0, keys[j], 0, query.length);
      Dyadic weight = weight(score(product, distances[j], rule, head));
      weights = weights.plus(weight);
      for (int i = 0; i < valueDim; i++) {
        weighted[i] = weighted[i].plus(weight.times(Dyadic.of(values[j][i])));
      }
    }
    double[] output = new double[valueDim];
    for (int i = 0; i < valueDim && visible > 0; i++) {
      output[i] = weighted[i].nearestQuotient(weights);
    }
    return output;
  }

  private static double score(double product, int distance, ScoreRule rule, int head) {
    double score = rule.scale() * product;
    if (rule.softCap().isPresent()) {
      double cap = rule.softCap().getAsDouble();
      score = cap * StrictMath.tanh(score / cap);
    }
    return rule.alibiSlopes().isEmpty() ? score : score - rule.alibiSlopes().get(head) * distance;
  }

  /** The weight f·2^k that stands for exp(score). */
  public static Dyadic weight(double score) {
    if (!(Math.abs(score) <= MAX_SCORE)) {
      throw new ArithmeticException("a score is " + score);
    }
    double k = Math.rint(score * LOG2_E);
    double reduced = Math.fma(-k, LN_2_TAIL, score - k * LN_2_HEAD);
    return Dyadic.of(StrictMath.exp(reduced)).timesPowerOfTwo((int) k);
  }
}
