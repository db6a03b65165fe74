package dev.helix.runtime.baseline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.bounds.StepErrorBound;
import dev.helix.ffn.bounds.FfnErrorBound;
import dev.helix.tensor.compare.LinearErrorBound;
import java.util.List;
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
    StepErrorBound withoutNorm = StepErrorBound.beside(layer.attention(), 2);
    double[] x = layer.attentionNorm().apply(hidden);
    layer.attention().step(x);
    assertAbove(withoutNorm.step(x, new double[x.length]), replay.attention(1, hidden).bound());
  }

  @Test
  void theNormsRoundingIsPartOfTheBoundOfTheFfn() {
    double[] x = layer.ffnNorm().apply(hidden);
    double[] withoutNorm = FfnErrorBound.beside(layer.ffn()).of(x, new double[x.length], List.of());
    assertAbove(withoutNorm, replay.ffn(1, hidden).bound());
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
