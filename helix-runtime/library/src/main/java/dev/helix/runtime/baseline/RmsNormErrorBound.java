package dev.helix.runtime.baseline;

import dev.helix.tensor.compare.RmsNormErrorTerms;

/**
 * Bounds, element by element, how far rounding alone can put another FP64 program's normalised
 * vector from that of {@link UnshardedRmsNorm}. {@link RmsNormErrorTerms} has the derivation.
 */
public final class RmsNormErrorBound {
  private final UnshardedRmsNorm baseline;

  public RmsNormErrorBound(UnshardedRmsNorm baseline) {
    this.baseline = baseline;
  }

  /**
   * The bound for programs that start from the same x: {@link #of(double[], double[])} with E = 0.
   */
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
    return RmsNormErrorTerms.of(x, xError, baseline.weight(), baseline.epsilon());
  }
}
