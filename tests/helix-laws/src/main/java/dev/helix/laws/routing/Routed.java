package dev.helix.laws.routing;

/** A router's answer. The experts of a token may come in any order, their weights in the same. */
public final class Routed {
  private final int[] experts;
  private final double[] weights;

  /**
   * @param experts {@code [tokens, topK]}, row-major
   * @param weights {@code [tokens, topK]}
   */
  public Routed(int[] experts, double[] weights) {
    this.experts = experts.clone();
    this.weights = weights.clone();
  }

  int[] experts() {
    return experts;
  }

  double[] weights() {
    return weights;
  }
}
