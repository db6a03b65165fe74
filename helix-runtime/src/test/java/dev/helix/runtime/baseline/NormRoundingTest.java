package dev.helix.runtime.baseline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.baseline.AttentionErrorBound;
import dev.helix.ffn.baseline.SwiGluErrorBound;
import dev.helix.tensor.compare.LinearErrorBound;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Replay starts from hidden states, not from normalised ones. The rounding of the norm is smaller
 * than what a projection is allowed after it, so that no comparison would show it missing.
 */
final class NormRoundingTest {
  private final BaselineWeights weights =
      BaselineWeights.load(TestModel.sizes(false), TestModel.tensors(5)::get);
  private final DecoderReplay replay = new DecoderReplay(weights, 2);
  private final UnshardedDecoderLayer layer = weights.newLayer(1);
  private final double[] hidden = TestModel.gaussian(new SplittableRandom(1), 12, 1);

  @Test
  void theNormsRoundingIsPartOfTheBoundOfAttention() {
    AttentionErrorBound withoutNorm = new AttentionErrorBound(layer.attention(), 2);
    double[] x = layer.attentionNorm().apply(hidden);
    layer.attention().step(x);
    assertAbove(withoutNorm.step(x), replay.attention(1, hidden).bound());
  }

  @Test
  void theNormsRoundingIsPartOfTheBoundOfTheFfn() {
    double[] x = layer.ffnNorm().apply(hidden);
    assertAbove(new SwiGluErrorBound(layer.ffn()).of(x), replay.ffn(1, hidden).bound());
  }

  @Test
  void theNormsRoundingIsPartOfTheBoundOfTheLogits() {
    double[] x = weights.finalNorm().apply(hidden);
    double[] withoutNorm = LinearErrorBound.of(weights.head(), x, new double[x.length]);
    assertAbove(withoutNorm, replay.logits(hidden).bound());
  }

  private static void assertAbove(double[] smaller, double[] larger) {
    for (int i = 0; i < smaller.length; i++) {
      assertTrue(larger[i] > 1.1 * smaller[i], larger[i] + " against " + smaller[i]);
    }
  }
}
