package dev.helix.tensor.compare;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNDERFLOW;
import static dev.helix.tensor.compare.Rounding.gamma;

/**
 * Bounds how far two programs can differ in a linear layer y = W·x whose weights are the same
 * numbers in both.
 *
 * <p>Each program adds the n products in any order, with or without fused multiply-add. So its
 * forward error is at most γ<sub>n</sub>|W||x| for its own input. If the second program's input is
 * within E of the first's, |x′| ≤ |x| + E, hence
 *
 * <pre>|y − y′| ≤ |W| ( γₙ (2|x| + E) + E ) + 2·n·2^−1074.</pre>
 *
 * <p>The same bound covers a row-parallel layer whose n columns are split over N ≤ n ranks and
 * whose partial sums are added in any order: a term passes one multiplication and at most n − 1
 * additions, however the sum is bracketed.
 */
public final class LinearErrorBound {
  private LinearErrorBound() {}

  /**
   * The bound of |y − y′|, element by element.
   *
   * @param weight W, {@code [out, in]} row-major, as Hugging Face stores a linear layer
   * @param x the first program's input, {@code [in]}
   * @param xError E, {@code [in]}, non-negative
   * @return {@code [out]}
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public static double[] of(double[] weight, double[] x, double[] xError) {
    int in = x.length;
    if (in == 0 || weight.length % in != 0 || xError.length != in) {
      throw new IllegalArgumentException(
          "linear bound: weight has %d elements, x %d and its error %d; expected out·in, in and in"
              .formatted(weight.length, in, xError.length));
    }
    double gamma = gamma(in);
    double[] perInput = new double[in];
    for (int i = 0; i < in; i++) {
      perInput[i] = gamma * (2 * Math.abs(x[i]) + xError[i]) + xError[i];
    }
    double[] bound = new double[weight.length / in];
    for (int o = 0; o < bound.length; o++) {
      double sum = 0;
      for (int i = 0; i < in; i++) {
        sum += Math.abs(weight[o * in + i]) * perInput[i];
      }
      bound[o] = SLACK * (sum + 2.0 * in * UNDERFLOW);
    }
    return bound;
  }
}
