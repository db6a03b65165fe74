package dev.helix.attention.bounds;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.LatentShape;
import dev.helix.attention.baseline.UnshardedLatentAttention;
import dev.helix.attention.baseline.UnshardedLatentAttention.Compression;
import dev.helix.attention.baseline.UnshardedLatentAttention.Weights;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RotaryPairing;
import dev.helix.attention.rotary.YarnScaling;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LatentAttentionErrorBoundTest {
  private static final LatentShape SHAPE =
      new LatentShape(6, 2, OptionalInt.of(5), 4, 3, 4, 2, RotaryPairing.INTERLEAVED);
  private static final RopeParameters ROPE =
      new RopeParameters(
          100, Optional.empty(), Optional.of(new YarnScaling(8, 4, 0.5, 0.7, 1, 16)));

  @Property(tries = 60, seed = "20250707")
  void inputsOffByTheirErrorGiveOutputsWithinTheBound(
      @ForAll @IntRange(max = 100_000) int seed, @ForAll @IntRange(min = 3, max = 14) int digits) {
    SplittableRandom random = new SplittableRandom(seed);
    Weights weights = weights(random);
    UnshardedLatentAttention first = new UnshardedLatentAttention(SHAPE, ROPE, 1e-6, weights);
    UnshardedLatentAttention second = new UnshardedLatentAttention(SHAPE, ROPE, 1e-6, weights);
    StepErrorBound bounds = StepErrorBound.beside(first, 2);
    double error = Math.pow(10, -digits);
    for (int token = 0; token < 7; token++) {
      double[] x = gaussian(random, 6, 1);
      double[] changed = x.clone();
      double[] errors = new double[6];
      for (int i = 0; i < 6; i++) {
        changed[i] += random.nextBoolean() ? error : -error;
        errors[i] = 1.0001 * error + Math.ulp(x[i]);
      }
      double[] expected = first.step(x);
      double[] bound = bounds.step(x, errors);
      double[] actual = second.step(changed);
      for (int i = 0; i < 6; i++) {
        double difference = Math.abs(actual[i] - expected[i]);
        assertTrue(difference <= bound[i], () -> difference + " of " + bound[0]);
      }
    }
  }

  private static Weights weights(SplittableRandom random) {
    return new Weights(
        Optional.of(new Compression(gaussian(random, 5, 6), gaussian(random, 5, 1))),
        gaussian(random, 2 * 7, 5),
        gaussian(random, 8, 6),
        gaussian(random, 4, 1),
        gaussian(random, 2 * 5, 4),
        gaussian(random, 6, 2 * 2));
  }

  private static double[] gaussian(SplittableRandom random, int rows, int columns) {
    return IntStream.range(0, rows * columns)
        .mapToDouble(i -> random.nextGaussian() / Math.sqrt(columns))
        .toArray();
  }
}
