package dev.helix.runtime.baseline;

/**
 * Root-mean-square normalisation (B. Zhang, R. Sennrich, arXiv 1910.07467, eq. 4): y = x /
 * √(mean(x²) + ε) · w.
 *
 * <p>It keeps no state: one instance serves all requests and threads.
 */
public final class UnshardedRmsNorm {
  private final double[] weight;
  private final double epsilon;

  /**
   * Creates the norm.
   *
   * @param weight {@code [hidden]}, kept and not copied; nobody may change it any more
   * @param epsilon ≥ 0
   */
  public UnshardedRmsNorm(double[] weight, double epsilon) {
    if (!(epsilon >= 0)) {
      throw new IllegalArgumentException("norm epsilon must be >= 0, got " + epsilon);
    }
    this.weight = weight;
    this.epsilon = epsilon;
  }

  /**
   * The normalised vector.
   *
   * @param x {@code [hidden]}
   * @return {@code [hidden]}
   */
  public double[] apply(double[] x) {
    double root = Math.sqrt(meanSquare(x) + epsilon);
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i] / root * weight[i];
    }
    return y;
  }

  double meanSquare(double[] x) {
    if (x.length != weight.length) {
      throw new IllegalArgumentException(
          "norm input has %d elements, expected hidden = %d".formatted(x.length, weight.length));
    }
    double sum = 0;
    for (double element : x) {
      sum += element * element;
    }
    return sum / x.length;
  }

  // The error bound reads the following.

  double[] weight() {
    return weight;
  }

  double epsilon() {
    return epsilon;
  }
}
