package dev.helix.runtime.trace.choice;

/**
 * Gauss's rule for integrals from 0 to 1 (Golub and Welsch 1969 give the theory). Its points are
 * the zeros of a Legendre polynomial, found by Newton's method.
 */
final class GaussRule {
  private final double[] points;
  private final double[] weights;

  private GaussRule(double[] points, double[] weights) {
    this.points = points;
    this.weights = weights;
  }

  /** The rule of n points, which integrates polynomials up to the degree 2n − 1 exactly. */
  static GaussRule of(int n) {
    double[] points = new double[n];
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      double x = StrictMath.cos(Math.PI * (i + 0.75) / (n + 0.5));
      double slope = 1;
      // Newton's method doubles the digits of this start, which has two or more, in each step.
      for (int step = 0; step < 8; step++) {
        double before = 0;
        double value = 1;
        for (int degree = 1; degree <= n; degree++) {
          double next = ((2 * degree - 1) * x * value - (degree - 1) * before) / degree;
          before = value;
          value = next;
        }
        slope = n * (before - x * value) / ((1 - x) * (1 + x));
        x -= value / slope;
      }
      points[i] = (1 + x) / 2;
      weights[i] = 1 / ((1 - x) * (1 + x) * slope * slope);
    }
    return new GaussRule(points, weights);
  }

  int size() {
    return points.length;
  }

  double point(int i) {
    return points[i];
  }

  double weight(int i) {
    return weights[i];
  }
}
