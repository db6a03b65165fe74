package dev.helix.ffn.exact.definition;

import dev.helix.tensor.exact.definition.LinearDefinition;

/** The definition of the exact dense SwiGLU FFN for one row, unsharded. */
public final class SwiGluDefinition {
  private SwiGluDefinition() {}

  /**
   * down · (silu(gate·x) ⊙ up·x).
   *
   * @param x {@code [hidden]}
   * @param gate {@code [intermediate, hidden]}
   * @param up {@code [intermediate, hidden]}
   * @param down {@code [hidden, intermediate]}: its sums are exact, rounded once
   * @return {@code [hidden]}
   */
  public static double[] apply(double[] x, double[] gate, double[] up, double[] down) {
    double[] gated = LinearDefinition.project(gate, x);
    double[] factors = LinearDefinition.project(up, x);
    double[] activated = new double[gated.length];
    for (int i = 0; i < activated.length; i++) {
      activated[i] = silu(gated[i]) * factors[i];
    }
    return LinearDefinition.projectExactly(down, activated);
  }

  /** g / (1 + exp(−g)); for g below 0, g·exp(g) / (1 + exp(g)). Each operation rounded. */
  public static double silu(double g) {
    return g >= 0 ? g / (1 + StrictMath.exp(-g)) : g * StrictMath.exp(g) / (1 + StrictMath.exp(g));
  }
}
