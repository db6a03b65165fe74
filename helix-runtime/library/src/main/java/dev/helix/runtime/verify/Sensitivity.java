package dev.helix.runtime.verify;

import dev.helix.attention.baseline.CachedToken;
import dev.helix.runtime.baseline.BaselineWeights;
import dev.helix.runtime.baseline.UnshardedDecoder;
import dev.helix.runtime.baseline.UnshardedDecoder.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Computes the baseline's own logits for a sequence of tokens, and estimates how far rounding in
 * the layers can move them.
 *
 * <p>To first order a run's logits differ from the baseline's by Σ J·δ. Here δ are the errors that
 * the parts of the layers have made, whose elements have derived bounds b, and J is the effect of
 * each error on the logits. The worst case over all signs multiplies over the layers and becomes
 * useless. But if the errors are as good as independent, no logit moves by more than a few times
 * √Σ(J·b)². A random change of ±b of all outputs at once moves it by as much (statistical condition
 * estimation: C. S. Kenney, A. J. Laub, SIAM J. Sci. Comput. 15, 1994, 36–61). Several such probes
 * are made, scaled up out of the reach of rounding. The largest effect on any logit of the
 * position, times a margin, is the bound. It is an estimate: nothing proves that it holds, but
 * exceeding it is far out of the ordinary. The experts of every layer are those that the run chose,
 * and a quantised cache holds the bits that the run stored; whether these were right is judged part
 * by part.
 */
final class Sensitivity {
  private static final int PROBES = 3;

  /**
   * The factor on the largest effect of three probes. Over many logits that effect is about 3
   * standard deviations.
   */
  private static final double MARGIN = 4;

  /**
   * The largest change that a probe makes, as a share of the largest output of a part. It is far
   * above rounding, and small enough for effects of first order to dominate.
   */
  private static final double LARGEST_CHANGE = 0x1p-20;

  private static final long SEED = 20250707;

  private final int firstSampled;
  private final List<double[]> logits;
  private final double[] effects;

  /**
   * Runs the baseline over the sequence, once as it is and once for each probe.
   *
   * @param layerBounds for each position and layer, the bounds b of its parts
   * @param firstSampled the first position whose logits are needed; earlier ones are not kept
   */
  Sensitivity(
      BaselineWeights weights,
      List<Integer> sequence,
      List<List<LayerBounds>> layerBounds,
      int firstSampled) {
    this.firstSampled = firstSampled;
    List<Undisturbed> undisturbed = layerBounds.stream().map(Undisturbed::new).toList();
    logits = run(weights, sequence, undisturbed);
    double largestOutput = undisturbed.stream().mapToDouble(u -> u.largest).max().orElseThrow();
    double scale = scale(largestOutput, layerBounds);
    effects = new double[logits.size()];
    SplittableRandom random = new SplittableRandom(SEED);
    for (int probe = 0; probe < PROBES; probe++) {
      List<Probe> probes =
          layerBounds.stream().map(bounds -> new Probe(bounds, scale, random)).toList();
      List<double[]> changed = run(weights, sequence, probes);
      for (int step = 0; step < effects.length; step++) {
        double effect = largestDifference(changed.get(step), logits.get(step)) / scale;
        effects[step] = Math.max(effects[step], effect);
      }
    }
  }

  /** The baseline's logits at a position, {@code [vocabulary]}. */
  double[] logits(int position) {
    return logits.get(position - firstSampled);
  }

  /**
   * How far from the baseline's logits those of a careful program may be, {@code [vocabulary]}.
   *
   * @param headBound the part of the bound that comes from the head
   */
  double[] bound(int position, double[] headBound) {
    double[] bound = headBound.clone();
    for (int i = 0; i < bound.length; i++) {
      bound[i] += MARGIN * effects[position - firstSampled];
    }
    return bound;
  }

  /** The factor on all changes. It is a power of two, so that scaling rounds nothing. */
  private static double scale(double largestOutput, List<List<LayerBounds>> layerBounds) {
    double largestBound =
        layerBounds.stream()
            .flatMap(List::stream)
            .mapToDouble(LayerBounds::largest)
            .max()
            .orElse(0);
    if (largestBound == 0) {
      return 1;
    }
    return Math.scalb(1.0, Math.getExponent(LARGEST_CHANGE * largestOutput / largestBound));
  }

  private List<double[]> run(
      BaselineWeights weights, List<Integer> sequence, List<? extends Change> changes) {
    UnshardedDecoder decoder = new UnshardedDecoder(weights);
    List<double[]> sampled = new ArrayList<>();
    for (int position = 0; position < sequence.size(); position++) {
      double[] here = decoder.next(sequence.get(position), changes.get(position));
      if (position >= firstSampled) {
        sampled.add(here);
      }
    }
    return sampled;
  }

  private static double largestDifference(double[] a, double[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  /**
   * Changes nothing, and measures how large the outputs are. The experts and the bits of a
   * quantised cache are those of the run, so that a near tie does not separate the two.
   */
  private static final class Undisturbed implements Change {
    private final List<LayerBounds> bounds;
    private double largest;

    Undisturbed(List<LayerBounds> bounds) {
      this.bounds = bounds;
    }

    @Override
    public double[] attention(int layer, double[] output) {
      return seen(output);
    }

    @Override
    public double[] ffn(int layer, double[] output) {
      return seen(output);
    }

    @Override
    public List<Integer> experts(int layer) {
      return bounds.get(layer).experts();
    }

    @Override
    public Optional<CachedToken> cached(int layer) {
      return bounds.get(layer).cached();
    }

    private double[] seen(double[] output) {
      largest = Math.max(largest, Arrays.stream(output).map(Math::abs).max().orElse(0));
      return output;
    }
  }

  /** Changes every element by ± its bound, scaled. */
  private record Probe(List<LayerBounds> bounds, double scale, SplittableRandom random)
      implements Change {
    @Override
    public double[] attention(int layer, double[] output) {
      return changed(output, bounds.get(layer).attention());
    }

    @Override
    public double[] ffn(int layer, double[] output) {
      return changed(output, bounds.get(layer).ffn());
    }

    @Override
    public List<Integer> experts(int layer) {
      return bounds.get(layer).experts();
    }

    @Override
    public Optional<CachedToken> cached(int layer) {
      return bounds.get(layer).cached();
    }

    private double[] changed(double[] output, double[] bound) {
      double[] changed = output.clone();
      for (int i = 0; i < changed.length; i++) {
        changed[i] += random.nextBoolean() ? scale * bound[i] : -scale * bound[i];
      }
      return changed;
    }
  }
}
