package dev.helix.attention.baseline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.bounds.AttentionErrorBound;
import dev.helix.attention.nd4j.ShardedAttention;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Sharded attention over a caller's arrays, held against the baseline of a whole layer. */
class ShardedArraysTest {
  private static final AttentionShape SHAPE = new AttentionShape(32, 8, 4, 4);
  private static final int TOKENS = 37;

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "1, 4", "2, 2", "4, 2", "8, 1"})
  void theOutputIsThatOfTheBaselineWithinItsBound(int kvp, int tpa) {
    SplittableRandom random = new SplittableRandom(31L * kvp + tpa);
    ScoreRule rule =
        ScoreRule.ofScale(SHAPE.scoreScale())
            .withSoftCap(2.5)
            .withWindow(29)
            .withSinks(List.of(0.5, -1.0, 0.0, 2.0, Double.NEGATIVE_INFINITY, 1.0, 0.25, -3.0));
    // Identity matrices around the heads: what comes out is the attention of what goes in.
    double[] identity = Nd4j.eye(32).ravel().toDoubleVector();
    UnshardedAttention baseline =
        new UnshardedAttention(
            SHAPE,
            RopeParameters.of(10_000),
            rule,
            identity,
            numbers(random, 16 * 32),
            numbers(random, 16 * 32),
            identity);
    AttentionErrorBound bound = new AttentionErrorBound(baseline, kvp);
    Layout layout = new Layout(kvp, tpa, kvp * tpa, 1);
    ShardedAttention sharded = new ShardedAttention(layout, new RoundRobinPlacement(kvp, 2), rule);

    List<double[]> keys = new ArrayList<>();
    List<double[]> values = new ArrayList<>();
    for (int token = 0; token < TOKENS; token++) {
      double[] x = numbers(random, 32);
      double[] expected = baseline.step(x);
      double[] allowed = bound.step(x);
      keys.add(baseline.key(token));
      values.add(baseline.value(token));
      INDArray q = Nd4j.createFromArray(baseline.rotary().rotated(x, token)).reshape(1, 8, 4);
      double[] output =
          sharded.attend(q, cache(keys), cache(values)).output().ravel().toDoubleVector();
      for (int i = 0; i < output.length; i++) {
        double off = Math.abs(output[i] - expected[i]);
        String where = "token " + token + ", component " + i + ": off by " + off;
        assertTrue(off <= allowed[i], () -> where);
      }
    }
  }

  private static INDArray cache(List<double[]> tokens) {
    return Nd4j.create(tokens.toArray(new double[0][])).reshape(1, tokens.size(), 4, 4);
  }

  private static double[] numbers(SplittableRandom random, int count) {
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> random.nextDouble(-1, 1));
    return numbers;
  }
}
