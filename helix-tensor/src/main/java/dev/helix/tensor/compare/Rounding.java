package dev.helix.tensor.compare;

/**
 * The standard model of double arithmetic, from which all error bounds here are derived (N. J.
 * Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., §2.2 and §3.1).
 *
 * <p>With round to nearest, fl(x ∘ y) = (x ∘ y)(1 + δ) + η with |δ| ≤ u for +, −, ×, ÷, √ and the
 * fused multiply-add, where |η| ≤ 2<sup>−1075</sup> appears only in products and quotients that
 * underflow. A product of n factors (1 + δ)<sup>±1</sup> differs from 1 by at most γ<sub>n</sub>.
 *
 * <p>The bounds say how far apart the results of <em>two</em> programs can lie if both compute the
 * same formula with care. Let f be the exact formula, x and x′ the inputs of the first and the
 * second program, and R and R′ the forward errors of each program against f at its own input. Then
 *
 * <pre>|computed − computed′| ≤ R + R′ + |f(x) − f(x′)|.</pre>
 *
 * <p>Each bound takes the first program's (the unsharded baseline's) inputs, and an elementwise
 * bound E ≥ 0 of |x − x′|; with E = 0 both start from the same numbers. Nonlinear steps use
 * inequalities that hold for every size of E, and not the first term of a series, so that the
 * bounds stay true, if not useful, when errors are large. Two effects of second order are left out:
 * products of two rounding errors, and the rounding in the evaluation of the bound itself. {@link
 * #SLACK} covers both.
 *
 * <p>Overflow is not covered. A bound that overflows is infinite or NaN, and {@link ErrorReport}
 * fails on it.
 */
public final class Rounding {
  /** u = 2<sup>−53</sup>, half the distance from 1 to the next double. */
  public static final double UNIT = 0x1p-53;

  /**
   * The relative error of a function evaluated to within one unit in the last place: one ulp is at
   * most 2u of the value.
   */
  public static final double ONE_ULP = 2 * UNIT;

  /**
   * The smallest positive double. One underflow can cost half of it, and a function that is
   * accurate to one ulp can be off by it in the subnormal range.
   */
  public static final double UNDERFLOW = Double.MIN_VALUE;

  /**
   * The factor on each bound that covers what its derivation leaves out: products of two rounding
   * errors, and the rounding in the evaluation of the bound itself. The latter is a sum of n
   * positive terms and hence off by at most γ<sub>n+c</sub>. 2<sup>−10</sup> suffices for n up to
   * 10<sup>12</sup>.
   */
  public static final double SLACK = 1 + 0x1p-10;

  private Rounding() {}

  /**
   * The bound γ<sub>n</sub> = n·u / (1 − n·u) of the relative error of n roundings in a row. It
   * thus bounds the error of a dot product of length n relative to Σ|xᵢ||yᵢ|, in every order of
   * summation, with and without fused multiply-add (Higham, eq. 3.5).
   *
   * @param n number of roundings, ≥ 0 and below 2<sup>52</sup>
   */
  public static double gamma(long n) {
    if (n < 0 || n >= 1L << 52) {
      throw new IllegalArgumentException(
          "gamma: number of roundings " + n + " is not in [0, 2^52)");
    }
    double nu = n * UNIT;
    return nu / (1 - nu);
  }
}
