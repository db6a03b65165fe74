package dev.helix.attention.scalar;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.UNIT;
import static dev.helix.tensor.compare.Rounding.gamma;

/**
 * How far two careful programs can lie apart that compute a head's partial attention from the same
 * query, keys and values: one over all t tokens at once, the other page by page over P pages.
 *
 * <p>For either program, with scores within e = γ_{d+1}·scale·Σ|q||k| of their values (d products,
 * a sum, the scale) and a spread R of scores: a weight exp(s − m) is off, relative to Σ, by a
 * factor of at most φ = 2e + u·(R + 3P + 5) + γ_{t+2P+2}. In it, the exponents of a weight and of
 * the rescalings after it add up to at most R, since the maximum only rises; each exponential is
 * within an ulp, 2u, and each rescaling multiplies; the sum over tokens is rescaled up to P times.
 * The output is a quotient of two such sums, hence
 *
 * <pre>|o − o′| ≤ 4φ Σ pⱼ|vⱼ|,    |lse − lse′| ≤ 2(φ + 2u·ln t + u(|lse| + e)) ,</pre>
 *
 * the latter with the logarithm's ulp and the last addition. Weights that underflow cost 2⁻¹⁰⁷⁴
 * each.
 */
record PartialBound(double lse, double output) {
  /**
   * @param dots q·kⱼ·scale, {@code [tokens]}
   * @param magnitudes scale·Σ|q||kⱼ|, {@code [tokens]}
   * @param values one component of vⱼ, {@code [tokens]}
   */
  static PartialBound of(double[] dots, double[] magnitudes, double[] values, int dim, int pages) {
    int tokens = dots.length;
    double greatest = Double.NEGATIVE_INFINITY;
    double least = Double.POSITIVE_INFINITY;
    double scoreError = 0;
    for (int j = 0; j < tokens; j++) {
      greatest = Math.max(greatest, dots[j]);
      least = Math.min(least, dots[j]);
      scoreError = Math.max(scoreError, SLACK * gamma(dim + 1) * magnitudes[j] + dim * UNDERFLOW);
    }
    double spread = greatest - least + 2 * scoreError;
    double weightError =
        2 * scoreError + UNIT * (spread + 3 * pages + 5) + gamma(tokens + 2L * pages + 2);

    double sum = 0;
    double weighted = 0;
    double largest = 0;
    for (int j = 0; j < tokens; j++) {
      double weight = StrictMath.exp(dots[j] - greatest);
      sum += weight;
      weighted += weight * Math.abs(values[j]);
      largest = Math.max(largest, Math.abs(values[j]));
    }
    double lse = greatest + StrictMath.log(sum);
    double underflow = 4.0 * tokens * pages * UNDERFLOW * (1 + 2 * largest);
    double lseBound =
        weightError + 2 * UNIT * StrictMath.log(tokens) + UNIT * (Math.abs(lse) + scoreError);
    return new PartialBound(
        SLACK * 2 * lseBound + underflow, SLACK * 4 * weightError * weighted / sum + underflow);
  }
}
