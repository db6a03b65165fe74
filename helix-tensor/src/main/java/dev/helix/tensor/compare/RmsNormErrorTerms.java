package dev.helix.tensor.compare;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.gamma;

/**
 * Bounds how far two programs can differ in a root-mean-square normalisation y = x / √(mean(x²) +
 * ε) · w whose weights are the same numbers in both.
 *
 * <p>{@link Rounding} explains the form of such bounds. With r = √(mean(x²) + ε) and n = |x|:
 *
 * <ul>
 *   <li>Rounding: the sum of squares, in any order, and the sum under the root take n + 2 roundings
 *       of positive numbers, whose effect the root halves; root, reciprocal and two products take
 *       four more. So y is off by at most γ<sub>n/2+8</sub>|y| in each program, where three
 *       roundings are to spare. Squares that underflow add 2<sup>−1074</sup>/r².
 *   <li>Input: r′² differs from r² by at most Δ = mean(2|x|E + E²), and is at least r₋² = max(r² −
 *       Δ, ε). Since 1/r − 1/r′ = (r′² − r²) / (r·r′·(r + r′)),
 *       <pre>|w|·|x/r − x′/r′| ≤ |w|·( E/r₋ + |x|·Δ / (r·r₋·(r + r₋)) ),</pre>
 *       for E of every size.
 * </ul>
 */
public final class RmsNormErrorTerms {
  private static final int SPARE_AND_FIXED_ROUNDINGS = 8;

  private RmsNormErrorTerms() {}

  /**
   * The bound of |y − y′|, element by element.
   *
   * @param x the first program's input, {@code [n]}
   * @param xError E, {@code [n]}, non-negative
   * @param weight w, {@code [n]}
   * @return {@code [n]}
   * @throws IllegalArgumentException if the sizes differ
   */
  public static double[] of(double[] x, double[] xError, double[] weight, double epsilon) {
    if (x.length != xError.length || x.length != weight.length) {
      throw new IllegalArgumentException(
          "norm bound: x has %d elements, its error %d and the weight %d"
              .formatted(x.length, xError.length, weight.length));
    }
    double squares = 0;
    double change = 0;
    for (int i = 0; i < x.length; i++) {
      squares += x[i] * x[i];
      change += (2 * Math.abs(x[i]) + xError[i]) * xError[i];
    }
    double square = squares / x.length + epsilon;
    change /= x.length;
    double root = Math.sqrt(square);
    double smallestRoot = Math.sqrt(Math.max(square - change, epsilon));
    // The divisions come one after the other, as the product of the roots may underflow or
    // overflow.
    double perInput = change / root / smallestRoot / (root + smallestRoot);
    double rounding = 2 * (gamma(x.length / 2 + SPARE_AND_FIXED_ROUNDINGS) + UNDERFLOW / square);

    double[] bound = new double[x.length];
    for (int i = 0; i < bound.length; i++) {
      double magnitude = Math.abs(weight[i]) * Math.abs(x[i]) / root;
      double propagated =
          Math.abs(weight[i]) * (xError[i] / smallestRoot + Math.abs(x[i]) * perInput);
      bound[i] =
          SLACK
              * (propagated
                  + rounding * (magnitude + propagated)
                  + 4 * UNDERFLOW * (1 + Math.abs(weight[i])));
    }
    return bound;
  }
}
