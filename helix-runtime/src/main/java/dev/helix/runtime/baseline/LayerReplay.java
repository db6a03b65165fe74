package dev.helix.runtime.baseline;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNIT;

import dev.helix.attention.baseline.AttentionErrorBound;
import dev.helix.ffn.baseline.SwiGluErrorBound;

/** One layer of a {@link DecoderReplay}, where the methods are explained. */
final class LayerReplay {
  private final UnshardedDecoderLayer layer;
  private final RmsNormErrorBound attentionNormBound;
  private final AttentionErrorBound attentionBound;
  private final RmsNormErrorBound ffnNormBound;
  private final SwiGluErrorBound ffnBound;

  LayerReplay(UnshardedDecoderLayer layer, int shards) {
    this.layer = layer;
    this.attentionNormBound = new RmsNormErrorBound(layer.attentionNorm());
    this.attentionBound = new AttentionErrorBound(layer.attention(), shards);
    this.ffnNormBound = new RmsNormErrorBound(layer.ffnNorm());
    this.ffnBound = new SwiGluErrorBound(layer.ffn());
  }

  BoundedValue attention(double[] hidden) {
    double[] x = layer.attentionNorm().apply(hidden);
    double[] value = layer.attention().step(x);
    return new BoundedValue(value, attentionBound.step(x, attentionNormBound.of(hidden)));
  }

  BoundedValue ffn(double[] mid) {
    double[] x = layer.ffnNorm().apply(mid);
    return new BoundedValue(layer.ffn().apply(x), ffnBound.of(x, ffnNormBound.of(mid)));
  }

  int positions() {
    return layer.attention().tokens();
  }

  /**
   * The residual connection: x + y and |x + y′ − (x + y)| ≤ e_y + u(|x + y| + |x + y′|), by the
   * triangle inequality and one rounding in each program.
   */
  static BoundedValue residual(double[] x, BoundedValue y) {
    double[] value = UnshardedDecoderLayer.sum(x, y.value());
    double[] bound = new double[value.length];
    for (int i = 0; i < bound.length; i++) {
      double input = y.bound()[i];
      bound[i] = SLACK * (input + UNIT * (2 * Math.abs(value[i]) + input));
    }
    return new BoundedValue(value, bound);
  }
}
