package dev.helix.runtime.verify;

import dev.helix.attention.baseline.CachedToken;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * How far rounding may take the outputs of one layer's parts at one position, and what the run has
 * decided where rounding may decide.
 */
final class LayerBounds {
  private final double[] attention;
  private final double[] ffn;
  private final List<Integer> experts;
  private final Optional<CachedToken> cached;

  /**
   * Keeps the bounds.
   *
   * @param attention {@code [hidden]}
   * @param ffn {@code [hidden]}
   * @param experts chosen by the run; empty if there are none
   * @param cached what the run's cache holds of the token; empty if it is not quantised
   */
  LayerBounds(
      double[] attention, double[] ffn, List<Integer> experts, Optional<CachedToken> cached) {
    this.cached = cached;
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

  Optional<CachedToken> cached() {
    return cached;
  }

  List<Integer> experts() {
    return experts;
  }
}
