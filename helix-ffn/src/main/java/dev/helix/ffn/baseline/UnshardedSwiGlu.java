package dev.helix.ffn.baseline;

/**
 * The dense FFN of the Llama family (N. Shazeer, GLU Variants Improve Transformer, arXiv
 * 2002.05202, eq. 6), on the whole weights:
 *
 * <pre>out = Wdown · (silu(Wgate·x) ⊙ (Wup·x)),    silu(g) = g / (1 + e^−g)</pre>
 *
 * <p>Do not use it for speed. It keeps no state: one instance serves all requests and threads.
 */
public final class UnshardedSwiGlu implements BaselineFfn {
  private final int hidden;
  private final double[] gate;
  private final double[] up;
  private final double[] down;

  /**
   * Creates the FFN. The weights are kept and not copied; nobody may change them any more. All are
   * row-major, {@code [out, in]}, as Hugging Face stores a linear layer.
   *
   * @param hidden H
   * @param intermediate F
   * @param gate {@code [F, H]}
   * @param up {@code [F, H]}
   * @param down {@code [H, F]}
   * @throws IllegalArgumentException if a size is not positive, or a weight has another number of
   *     elements
   */
  public UnshardedSwiGlu(int hidden, int intermediate, double[] gate, double[] up, double[] down) {
    if (hidden < 1 || intermediate < 1) {
      throw new IllegalArgumentException(
          "FFN sizes must be positive, got hidden %d and intermediate %d"
              .formatted(hidden, intermediate));
    }
    this.hidden = hidden;
    this.gate = requireMatrix("gate projection", gate, intermediate, hidden);
    this.up = requireMatrix("up projection", up, intermediate, hidden);
    this.down = requireMatrix("down projection", down, hidden, intermediate);
  }

  @Override
  public double[] apply(double[] x) {
    if (x.length != hidden) {
      throw new IllegalArgumentException(
          "FFN input has %d elements, expected hidden = %d".formatted(x.length, hidden));
    }
    double[] g = product(gate, x);
    double[] u = product(up, x);
    double[] activated = new double[g.length];
    for (int i = 0; i < g.length; i++) {
      activated[i] = silu(g[i]) * u[i];
    }
    return product(down, activated);
  }

  public static double silu(double g) {
    return g / (1 + StrictMath.exp(-g));
  }

  /** Multiplies a weight W with a vector: W·x. */
  public static double[] product(double[] weight, double[] x) {
    double[] y = new double[weight.length / x.length];
    for (int row = 0; row < y.length; row++) {
      double dot = 0;
      for (int column = 0; column < x.length; column++) {
        dot += weight[row * x.length + column] * x[column];
      }
      y[row] = dot;
    }
    return y;
  }

  public static double[] requireMatrix(String what, double[] weight, int rows, int columns) {
    if (weight.length != (long) rows * columns) {
      throw new IllegalArgumentException(
          "%s has %d elements, expected %d × %d".formatted(what, weight.length, rows, columns));
    }
    return weight;
  }

  // The error bound reads the following.

  public int hidden() {
    return hidden;
  }

  public double[] gateWeight() {
    return gate;
  }

  public double[] upWeight() {
    return up;
  }

  public double[] downWeight() {
    return down;
  }
}
