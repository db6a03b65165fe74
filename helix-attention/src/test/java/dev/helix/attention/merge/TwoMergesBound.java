package dev.helix.attention.merge;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.UNIT;
import static dev.helix.tensor.compare.Rounding.gamma;

/**
 * How far two careful merges of the same n partial outputs can lie apart, one that divides by Σ
 * exp(LSEᵢ − M) and one that weighs with exp(LSEᵢ − LSE).
 *
 * <p>With gᵢ = LSE − LSEᵢ ≥ 0, pᵢ = exp(−gᵢ) and ḡ = Σ pᵢgᵢ, the term pᵢOᵢ is off by a factor of at
 * most
 *
 * <ul>
 *   <li>u·gᵢ + 2u in each program: rounding of the exponent, one ulp of the exponential;
 *   <li>u·ḡ + 2u + γₙ in each: the same for the sum that is divided by, or taken the logarithm of;
 *   <li>u·|LSE| + 2u·ln n in the second: the last addition and the logarithm's ulp;
 *   <li>γ_{n+1} in each for the weighted sum, and u for the division in the first.
 * </ul>
 *
 * <p>Together rᵢ = u(2gᵢ + 2ḡ + |LSE| + 2·ln n + 9) + 4γ_{n+1}, and |o − o′| ≤ Σ pᵢrᵢ|Oᵢ|.
 */
public final class TwoMergesBound {
  private TwoMergesBound() {}

  /**
   * The bound for one component of a merged output.
   *
   * @param lses of the parts that have tokens, at least one
   * @param outputs one component of each, {@code [parts]}
   */
  public static double of(double[] lses, double[] outputs) {
    int parts = lses.length;
    double greatest = Double.NEGATIVE_INFINITY;
    for (double lse : lses) {
      greatest = Math.max(greatest, lse);
    }
    double sum = 0;
    for (double lse : lses) {
      sum += StrictMath.exp(lse - greatest);
    }
    double merged = greatest + StrictMath.log(sum);
    double meanGap = 0;
    for (double lse : lses) {
      meanGap += StrictMath.exp(lse - merged) * Math.max(0, merged - lse);
    }
    double bound = 0;
    for (int i = 0; i < parts; i++) {
      double gap = Math.max(0, merged - lses[i]);
      double relative =
          UNIT * (2 * gap + 2 * meanGap + Math.abs(merged) + 2 * StrictMath.log(parts) + 9)
              + 4 * gamma(parts + 1L);
      bound += StrictMath.exp(-gap) * relative * Math.abs(outputs[i]);
      bound += 4 * UNDERFLOW * (1 + Math.abs(outputs[i]));
    }
    return SLACK * bound;
  }
}
