package dev.helix.runtime.verify;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How far rounding may take the outputs of one layer's parts at one position, and the experts that
 * were chosen.
 */
final class LayerBounds {
  private final double[] attention;
  private final double[] ffn;
  private final List<Integer> experts;

  /**
   * Keeps the bounds.
   *
   * @param attention {@code [hidden]}
   * @param ffn {@code [hidden]}
   * @param experts chosen by the run; empty if there are none
   */
  LayerBounds(double[] attention, double[] ffn, List<Integer> experts) {
    this.attention = attention;
    this.ffn = ffn;
    this.experts = List.copyOf(experts);
  }

  double[] attention() {
    return attention;
  }

  double[] ffn() {
    return ffn;
  }

  /** The largest bound of any element. */
  double largest() {
    return DoubleStream.concat(Arrays.stream(attention), Arrays.stream(ffn)).max().orElse(0);
  }

  List<Integer> experts() {
    return experts;
  }
}
