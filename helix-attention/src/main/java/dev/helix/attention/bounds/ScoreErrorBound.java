package dev.helix.attention.bounds;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.UNIT;

import dev.helix.attention.baseline.ScoreFormula;

/**
 * Bounds how far the scores of a careful program may be from those of the baseline.
 *
 * <p><b>Errors.</b> Let e bound the difference of the two programs' scaled products x. Then
 *
 * <ul>
 *   <li>soft cap, s = c·tanh(x/c): its derivative is at most 1, so that e passes undiminished. Each
 *       program rounds the quotient, which costs |x|·sech²(x/c)·u ≤ |s|u since y·sech²y ≤ tanh y;
 *       the tangent, within 2.5 ulp and so 5u of itself; and the product: together 7u|s|, and
 *       14u(|s| + e) for both. Quotients and tangents that underflow cost c·2<sup>−1074</sup> each.
 *   <li>ALiBi, s − b: each program rounds the product b and the difference, 2u(|b| + |s − b| + e)
 *       for both; and u(|s − b| + e) is for a program that splits the exponent of exp(s) before it
 *       subtracts, since a score may now be larger than the products that it is made of.
 *   <li>A sink is given and not computed; only a program of the last kind rounds it, by u|sink|.
 * </ul>
 */
final class ScoreErrorBound {
  private final ScoreFormula formula;

  ScoreErrorBound(ScoreFormula formula) {
    this.formula = formula;
  }

  /**
   * The bound of a score's difference.
   *
   * @param scaledError e, ≥ 0
   */
  double of(double product, double scaledError, int head, int distance) {
    double error = scaledError;
    if (formula.softCap().isPresent()) {
      double cap = formula.softCap().getAsDouble();
      double capped = Math.abs(StrictMath.tanh(formula.scaled(product) / cap) * cap);
      error += SLACK * 14 * UNIT * (capped + error) + 4 * (1 + cap) * UNDERFLOW;
    }
    double bias = Math.abs(formula.bias(head, distance));
    if (bias > 0) {
      double score = Math.abs(formula.of(product, head, distance));
      error += SLACK * UNIT * (2 * bias + 3 * (score + error)) + 4 * UNDERFLOW;
    }
    return error;
  }

  /** The bound of the difference of a sink, taken as a score. */
  static double ofSink(double sink) {
    return UNIT * Math.abs(sink);
  }
}
