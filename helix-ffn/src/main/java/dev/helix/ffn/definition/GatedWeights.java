package dev.helix.ffn.definition;

/** The weights of one gated FFN or expert, row-major. They are kept and not copied. */
public final class GatedWeights {
  final double[] gate;
  final double[] up;
  final double[] down;

  /**
   * Creates the weights from the three matrices.
   *
   * @param gate {@code [intermediate, hidden]}
   * @param up {@code [intermediate, hidden]}
   * @param down {@code [hidden, intermediate]}
   */
  public GatedWeights(double[] gate, double[] up, double[] down) {
    this.gate = gate;
    this.up = up;
    this.down = down;
  }
}
