package dev.helix.runtime.baseline;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.gamma;

/**
 * By how much another FP64 program's normalised vector may differ from that of {@link
 * UnshardedRmsNorm} through rounding alone, element by element.
 *
 * <p>{@link dev.helix.tensor.compare.Rounding} says what such a bound is. With r = √(mean(x²) + ε)
 * and H = |x|:
 *
 * <ul>
 *   <li>Rounding: the sum of squares in any order and the sum under the root are H + 2 roundings of
 *       positive numbers, of which the root halves the effect; root, reciprocal and two products
 *       are four more. So y is off by at most γ<sub>H/2+8</sub>|y| in each program, three of them
 *       spare. Squares that underflow add 2<sup>−1074</sup>/r².
 *   <li>Input: r′² differs from r² by at most Δ = mean(2|x|E + E²), and is at least r₋² = max(r² −
 *       Δ, ε). Since 1/r − 1/r′ = (r′² − r²) / (r·r′·(r + r′)),
 *       <pre>|w|·|x/r − x′/r′| ≤ |w|·( E/r₋ + |x|·Δ / (r·r₋·(r + r₋)) ),</pre>
 *       for E of every size.
 * </ul>
 */
public final class RmsNormErrorBound {
  private static final int SPARE_AND_FIXED_ROUNDINGS = 8;

  private final UnshardedRmsNorm baseline;

  public RmsNormErrorBound(UnshardedRmsNorm baseline) {
    this.baseline = baseline;
  }

  /** {@link #of(double[], double[])} for programs that start from the same x: E = 0. */
  public double[] of(double[] x) {
    return of(x, new double[x.length]);
  }

  /**
   * The bound of the vector that the baseline computes from x.
   *
   * @param x {@code [hidden]}, as given to the baseline
   * @param xError E, {@code [hidden]}: bound of the difference between the other program's input
   *     and x
   * @return {@code [hidden]}
   */
  public double[] of(double[] x, double[] xError) {
    double square = baseline.meanSquare(x) + baseline.epsilon();
    double change = 0;
    for (int i = 0; i < x.length; i++) {
      change += (2 * Math.abs(x[i]) + xError[i]) * xError[i];
    }
    change /= x.length;
    double root = Math.sqrt(square);
    double smallestRoot = Math.sqrt(Math.max(square - change, baseline.epsilon()));
    // One division after the other: the product of the roots may underflow or overflow.
    double perInput = change / root / smallestRoot / (root + smallestRoot);
    double rounding = 2 * (gamma(x.length / 2 + SPARE_AND_FIXED_ROUNDINGS) + UNDERFLOW / square);

    double[] bound = new double[x.length];
    for (int i = 0; i < bound.length; i++) {
      double weight = Math.abs(baseline.weight()[i]);
      double magnitude = weight * Math.abs(x[i]) / root;
      double propagated = weight * (xError[i] / smallestRoot + Math.abs(x[i]) * perInput);
      bound[i] =
          SLACK * (propagated + rounding * (magnitude + propagated) + 4 * UNDERFLOW * (1 + weight));
    }
    return bound;
  }
}
