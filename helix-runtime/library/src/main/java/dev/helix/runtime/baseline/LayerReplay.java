package dev.helix.runtime.baseline;

import static dev.helix.tensor.compare.Rounding.SLACK;
import static dev.helix.tensor.compare.Rounding.UNIT;

import dev.helix.attention.baseline.CachedToken;
import dev.helix.attention.bounds.CachedTokenBound;
import dev.helix.attention.bounds.StepErrorBound;
import dev.helix.ffn.baseline.UnshardedMoe;
import dev.helix.ffn.bounds.FfnErrorBound;
import dev.helix.ffn.bounds.MoeErrorBound;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** One layer of a {@link DecoderReplay}, which explains the methods. */
final class LayerReplay {
  private final UnshardedDecoderLayer layer;
  private final RmsNormErrorBound attentionNormBound;
  private final StepErrorBound attentionBound;
  private final RmsNormErrorBound ffnNormBound;
  private final FfnErrorBound ffnBound;

  LayerReplay(UnshardedDecoderLayer layer, int shards) {
    this.layer = layer;
    this.attentionNormBound = new RmsNormErrorBound(layer.attentionNorm());
    this.attentionBound = StepErrorBound.beside(layer.attention(), shards);
    this.ffnNormBound = new RmsNormErrorBound(layer.ffnNorm());
    this.ffnBound = FfnErrorBound.beside(layer.ffn());
  }

  CachedTokenBound cached(double[] hidden) {
    double[] x = layer.attentionNorm().apply(hidden);
    return attentionBound.cached(x, attentionNormBound.of(hidden));
  }

  BoundedValue attention(double[] hidden, Optional<CachedToken> stored) {
    double[] x = layer.attentionNorm().apply(hidden);
    double[] value = layer.attention().step(x, stored);
    return new BoundedValue(value, attentionBound.step(x, attentionNormBound.of(hidden)));
  }

  BoundedValue ffn(double[] mid, List<Integer> experts) {
    double[] x = layer.ffnNorm().apply(mid);
    double[] bound = ffnBound.of(x, ffnNormBound.of(mid), experts);
    return new BoundedValue(layer.ffn().apply(x, experts), bound);
  }

  ReplayedRouting routing(double[] mid, List<Integer> experts) {
    if (!(layer.ffn() instanceof UnshardedMoe moe)) {
      throw new IllegalArgumentException("the layer has no experts to choose from");
    }
    double[] x = layer.ffnNorm().apply(mid);
    double[] xError = ffnNormBound.of(mid);
    MoeErrorBound bound = new MoeErrorBound(moe);
    List<Integer> own = moe.chosen(x);
    boolean same = new HashSet<>(own).equals(new HashSet<>(experts));
    return new ReplayedRouting(
        own,
        new BoundedValue(moe.weights(x, experts), bound.weights(x, xError, experts)),
        same ? List.of() : bound.contradictions(x, xError, experts));
  }

  int positions() {
    return layer.attention().tokens();
  }

  /**
   * The residual connection: x + y, with the bound |x + y′ − (x + y)| ≤ e_y + u(|x + y| + |x +
   * y′|), which follows from the triangle inequality and one rounding in each program.
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
