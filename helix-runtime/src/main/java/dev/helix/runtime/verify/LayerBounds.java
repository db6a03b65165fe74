package dev.helix.runtime.verify;

/** How far rounding may take the outputs of one layer's parts, at one position. */
final class LayerBounds {
  private final double[] attention;
  private final double[] ffn;

  /**
   * @param attention {@code [hidden]}
   * @param ffn {@code [hidden]}
   */
  LayerBounds(double[] attention, double[] ffn) {
    this.attention = attention;
    this.ffn = ffn;
  }

  double[] attention() {
    return attention;
  }

  double[] ffn() {
    return ffn;
  }
}
