package dev.helix.tensor.exact.definition;

import java.util.Arrays;

/** Defines the common kernels of the {@code exact} reading, for one row each. */
public final class LinearDefinition {
  private LinearDefinition() {}

  /** W·x where no layout splits the sum: each output is a {@link #dot}. */
  public static double[] project(double[] weight, double[] x) {
    double[] y = new double[weight.length / x.length];
    for (int o = 0; o < y.length; o++) {
      y[o] = dot(x, 0, weight, o * x.length, x.length);
    }
    return y;
  }

  /**
   * The dot product in fixed order: starting from +0.0, for i = 0, 1, …, the sum becomes a·b + sum,
   * rounded once each time.
   */
  public static double dot(double[] a, int aFrom, double[] b, int bFrom, int length) {
    double sum = 0.0;
    for (int i = 0; i < length; i++) {
      sum = Math.fma(a[aFrom + i], b[bFrom + i], sum);
    }
    return sum;
  }

  /**
   * The product W·x where a layout may split the sums: each output is an exact sum, rounded once.
   */
  public static double[] projectExactly(double[] weight, double[] x) {
    Dyadic[] exact = Arrays.stream(x).mapToObj(Dyadic::of).toArray(Dyadic[]::new);
    double[] y = new double[weight.length / x.length];
    for (int o = 0; o < y.length; o++) {
      Dyadic sum = Dyadic.ZERO;
      for (int i = 0; i < x.length; i++) {
        sum = sum.plus(Dyadic.of(weight[o * x.length + i]).times(exact[i]));
      }
      y[o] = sum.nearest();
    }
    return y;
  }

  /**
   * The normalised vector x / √(x·x/n + ε) · w. Each operation is rounded; square root and division
   * are those of IEEE 754.
   *
   * @throws ArithmeticException if x·x is NaN or overflows
   */
  public static double[] rmsNorm(double[] x, double[] weight, double epsilon) {
    double squares = dot(x, 0, x, 0, x.length);
    if (!Double.isFinite(squares)) {
      throw new ArithmeticException("a sum of squares is " + squares);
    }
    double rms = StrictMath.sqrt(squares / x.length + epsilon);
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] / rms * weight[i];
    }
    return y;
  }

  /** The sums of x + y, each rounded once. */
  public static double[] sum(double[] x, double[] y) {
    double[] sum = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      sum[i] = x[i] + y[i];
    }
    return sum;
  }
}
