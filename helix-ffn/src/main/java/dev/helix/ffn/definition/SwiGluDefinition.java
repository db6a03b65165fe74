package dev.helix.ffn.definition;

import dev.helix.tensor.exact.definition.LinearDefinition;

/** Defines the exact dense SwiGLU FFN for one row, unsharded. */
public final class SwiGluDefinition {
  private SwiGluDefinition() {}

  /**
   * down · (silu(gate·x) ⊙ up·x).
   *
   * @param x {@code [hidden]}
   * @return {@code [hidden]}; the sums of the down projection are exact, and each is rounded once
   */
  public static double[] apply(double[] x, GatedWeights weights) {
    return LinearDefinition.projectExactly(weights.down, activated(x, weights));
  }

  /** The activations silu(gate·x) ⊙ (up·x), {@code [intermediate]}. */
  static double[] activated(double[] x, GatedWeights weights) {
    double[] gated = LinearDefinition.project(weights.gate, x);
    double[] factors = LinearDefinition.project(weights.up, x);
    double[] activated = new double[gated.length];
    for (int i = 0; i < activated.length; i++) {
      activated[i] = silu(gated[i]) * factors[i];
    }
    return activated;
  }

  /**
   * The function silu(g) = g / (1 + exp(−g)), computed as g·exp(g) / (1 + exp(g)) if g is below 0.
   * Each operation is rounded.
   */
  public static double silu(double g) {
    return g >= 0 ? g / (1 + StrictMath.exp(-g)) : g * StrictMath.exp(g) / (1 + StrictMath.exp(g));
  }
}
