package dev.helix.ffn.bounds;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.UNIT;

import dev.helix.ffn.baseline.UnshardedSwiGlu;
import dev.helix.tensor.compare.LinearErrorBound;

/**
 * Bounds, element by element, how far rounding alone can put the FFN output of the sharded FP64
 * program from that of {@link UnshardedSwiGlu}.
 *
 * <p>{@link dev.helix.tensor.compare.Rounding} explains the form of such bounds. The list has the
 * terms in the order of the formula, where e is the bound of the two programs' difference and u =
 * 2<sup>−53</sup>:
 *
 * <ol>
 *   <li>Gate and up: e_g = |Wgate|(γ_H(2|x| + E) + E), likewise for up, by {@link
 *       LinearErrorBound}. The layer is column-parallel, so that no layout splits these sums.
 *   <li>silu(g) = g / (1 + exp(−g)) =: s. Rounding: 2u for the exponential, of which at most the
 *       share e^−g/(1 + e^−g) &lt; 1 arrives, u for the sum, u for the quotient, and 2u to spare:
 *       6u|s| in each program. Input: π = min(|s′(g)|·e_g + M·e_g²/2, 1.1·e_g), Taylor's theorem
 *       with |silu′| ≤ 1.1 and, within e_g of g, |silu″| ≤ M = min(1/2, (2 + |g| + e_g)·exp(e_g −
 *       |g|)); so e_s = π + 12u(|s| + π). Where exp(−g) overflows, below g = −709.78, the quotient
 *       is −0 instead of g·e^g.
 *   <li>Product a = s·up: e_a = |s|e_up + |up|e_s + e_s·e_up + 2u(|s| + e_s)(|up| + e_up).
 *   <li>Down: |Wdown|(γ_F(2|a| + e_a) + e_a), which also covers N column slices that are summed in
 *       rank order.
 * </ol>
 */
public final class SwiGluErrorBound {
  /** The number below which exp(−g) overflows. */
  private static final double OVERFLOW = -709.78;

  private static final double SILU_ROUNDINGS = 6;

  /** An upper bound of max |silu′| = 1.0998, which silu has at g = 2.3994. */
  private static final double LARGEST_SLOPE = 1.1;

  private final UnshardedSwiGlu baseline;

  public SwiGluErrorBound(UnshardedSwiGlu baseline) {
    this.baseline = baseline;
  }

  /**
   * The bound for programs that start from the same x: {@link #of(double[], double[])} with E = 0.
   */
  public double[] of(double[] x) {
    return of(x, new double[x.length]);
  }

  /**
   * The bound of the output that the baseline computes from x.
   *
   * @param x {@code [hidden]}, as given to the baseline
   * @param xError E, {@code [hidden]}: bound of the difference between the sharded program's
   *     normalised input and x
   * @return {@code [hidden]}
   */
  public double[] of(double[] x, double[] xError) {
    Activated activated = activated(x, xError);
    return LinearErrorBound.of(baseline.downWeight(), activated.values, activated.errors);
  }

  /**
   * |Wdown|(|a| + e_a), {@code [hidden]}. Roundings of the products of the down projection, and of
   * sums over them, are relative to it.
   */
  double[] magnitude(double[] x, double[] xError) {
    Activated activated = activated(x, xError);
    int inner = activated.values.length;
    double[] magnitude = new double[baseline.hidden()];
    for (int row = 0; row < magnitude.length; row++) {
      for (int i = 0; i < inner; i++) {
        magnitude[row] +=
            Math.abs(baseline.downWeight()[row * inner + i])
                * (Math.abs(activated.values[i]) + activated.errors[i]);
      }
    }
    return magnitude;
  }

  private Activated activated(double[] x, double[] xError) {
    if (x.length != baseline.hidden()) {
      throw new IllegalArgumentException(
          "FFN input has %d elements, expected hidden = %d".formatted(x.length, baseline.hidden()));
    }
    double[] gate = UnshardedSwiGlu.product(baseline.gateWeight(), x);
    double[] up = UnshardedSwiGlu.product(baseline.upWeight(), x);
    double[] gateError = LinearErrorBound.of(baseline.gateWeight(), x, xError);
    double[] upError = LinearErrorBound.of(baseline.upWeight(), x, xError);
    double[] activated = new double[gate.length];
    double[] activatedError = new double[gate.length];
    for (int i = 0; i < gate.length; i++) {
      double silu = UnshardedSwiGlu.silu(gate[i]);
      double siluError = siluError(gate[i], Math.abs(silu), gateError[i]);
      double largestSilu = Math.abs(silu) + siluError;
      double largestUp = Math.abs(up[i]) + upError[i];
      activated[i] = silu * up[i];
      activatedError[i] =
          SLACK
              * (Math.abs(silu) * upError[i]
                  + siluError * largestUp
                  + 2 * UNIT * largestSilu * largestUp
                  + 2 * UNDERFLOW);
    }
    return new Activated(activated, activatedError);
  }

  /**
   * The bound e_s of silu.
   *
   * @param magnitude |silu(g)|
   * @param gError e_g
   */
  static double siluError(double g, double magnitude, double gError) {
    double sigmoid = 1 / (1 + StrictMath.exp(-g));
    double slope = Math.abs(sigmoid * (1 + g * (1 - sigmoid)));
    double curvature =
        Math.min(0.5, (2 + Math.abs(g) + gError) * StrictMath.exp(gError - Math.abs(g)));
    double propagated =
        Math.min(slope * gError + curvature / 2 * gError * gError, LARGEST_SLOPE * gError);
    double rounding = 2 * SILU_ROUNDINGS * UNIT * (magnitude + propagated);
    boolean mayOverflow = g - gError < OVERFLOW;
    double largest = Math.min(g + gError, OVERFLOW);
    double lost = mayOverflow ? 2 * (Math.abs(g) + gError) * StrictMath.exp(largest) : 0;
    return SLACK * (propagated + rounding + lost + 4 * UNDERFLOW * (1 + Math.abs(g)));
  }

  /** The gated activation and its bound, {@code [intermediate]}. */
  private static final class Activated {
    final double[] values;
    final double[] errors;

    Activated(double[] values, double[] errors) {
      this.values = values;
      this.errors = errors;
    }
  }
}
