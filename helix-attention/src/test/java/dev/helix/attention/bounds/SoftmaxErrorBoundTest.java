package dev.helix.attention.bounds;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Softmax and merge alone, with scores and values given: each term of the bound where it is the one
 * that counts.
 */
final class SoftmaxErrorBoundTest {
  @Property(seed = "20250103", tries = 500)
  void theWorstScoreErrorsOfEverySizeReachTheBoundAndNoMore(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 40) int tokens,
      @ForAll @DoubleRange(min = -9, max = 1.5) double logError) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] scores = gaussian(random, tokens, 2);
    double[] values = gaussian(random, tokens, 1);
    double[] errors = new double[tokens];
    Arrays.fill(errors, Math.pow(10, logError));
    double output = merged(scores, values, 1);
    double[] moved = scores.clone();
    for (int j = 0; j < tokens; j++) {
      moved[j] += 0.9999 * errors[j] * Math.signum(values[j] - output);
    }
    double bound = new SoftmaxErrorBound(scores, errors, 3).of(values, new double[tokens]);
    double share = Math.abs(merged(moved, values, 3) - output) / bound;
    assertTrue(share <= 1, "uses " + share);
    // For larger errors the bound takes the worst numerator over the worst denominator, which
    // do not occur together.
    assertTrue(errors[0] > 0.1 || share > 0.7, "only " + share);
  }

  @Property(seed = "20250104", tries = 200)
  void theWorstValueErrorsReachTheBoundAndNoMore(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int tokens,
      @ForAll @DoubleRange(min = -9, max = 3) double logError) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] scores = gaussian(random, tokens, 2);
    double[] values = gaussian(random, tokens, 1);
    double[] errors = new double[tokens];
    Arrays.fill(errors, Math.pow(10, logError));
    double[] moved = new double[tokens];
    for (int j = 0; j < tokens; j++) {
      moved[j] = values[j] + 0.9999 * errors[j];
    }
    double bound = new SoftmaxErrorBound(scores, new double[tokens], 3).of(values, errors);
    double share = (merged(scores, moved, 3) - merged(scores, values, 1)) / bound;
    assertTrue(share <= 1 && share > 0.9, "uses " + share);
  }

  @Property(seed = "20250105", tries = 300)
  void roundingOfLargeLsesThatMovesWeightBetweenShardsIsCovered(
      @ForAll long seed, @ForAll @DoubleRange(min = -1e7, max = 1e7) double shift) {
    // Two shards of opposite values: o is near 0, so that nothing but the weights matters.
    SplittableRandom random = new SplittableRandom(seed);
    int tokens = 6;
    double[] scores = new double[tokens];
    double[] values = new double[tokens];
    for (int j = 0; j < tokens; j++) {
      scores[j] = shift + (j < 2 ? 0.7 : random.nextDouble());
      values[j] = j % 2 == 0 ? 1 : -1;
    }
    assertCovered(scores, values, 2, 0);
  }

  @Test
  void roundingOfLargeLsesUsesATenthOfTheBound() {
    double worstOfWeights = 0;
    double worstOfTotal = 0;
    for (int i = 0; i < 200; i++) {
      double shift = 1e6 + 977 * i;
      double[] scores = {shift, shift + 0.3, shift - 0.9, shift - 1.1};
      worstOfWeights = Math.max(worstOfWeights, share(scores, new double[] {1, -1, 1, -1}, 2));
      worstOfTotal = Math.max(worstOfTotal, share(scores, new double[] {1, 1, 1, 1}, 2));
    }
    assertTrue(worstOfWeights > 0.1 && worstOfWeights <= 1, "weights use " + worstOfWeights);
    assertTrue(worstOfTotal > 0.1 && worstOfTotal <= 1, "the total uses " + worstOfTotal);
  }

  @Test
  void roundingOfSumsUsesMoreThanATenThousandthOfTheBound() {
    SplittableRandom random = new SplittableRandom(1);
    for (int tokens : new int[] {2, 10, 100}) {
      double[] scores = gaussian(random, tokens, 1);
      assertCovered(scores, gaussian(random, tokens, 1), 1, 1e-4);
      assertCovered(scores, gaussian(random, tokens, 1), 4, 1e-4);
    }
  }

  @Test
  void aSumInWhichAllRoundingsAgreeUsesAQuarterOfTheBound() {
    // Equal weights. The first value is 1 and the last −1, so that the output is near 0; those
    // between are just above half an ulp of the sum, so that each addition rounds up.
    double[] values = new double[1000];
    Arrays.fill(values, 0x1.0000001p-53);
    values[0] = 1;
    values[999] = -1;

    double share = share(new double[1000], values, 1);
    assertTrue(share > 0.2 && share <= 0.3, "share " + share);
  }

  /**
   * Where all scores are equal and all values 1, no weight can move: what is left counts once in
   * the numerator and once in the denominator. These are the roundings of the sums in each program,
   * of the rescaling for each tile, of a single shard, of the exponents sⱼ − m, and 8 more.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 100, 1 << 20})
  void equalScoresAndValuesHaveTheBoundOfTheFormula(int tokens) {
    double[] ones = new double[tokens];
    Arrays.fill(ones, 1);
    double bound =
        new SoftmaxErrorBound(new double[tokens], new double[tokens], 1)
            .of(ones, new double[tokens]);
    double roundings = 2.0 * tokens + Math.floorDiv(tokens, 16) + 1 + Math.log(tokens) + 8;
    double formula = 2 * roundings * 0x1p-53;
    assertTrue(bound >= formula && bound < 1.001 * formula, bound + " and not " + formula);
  }

  @Test
  void weightsThatUnderflowAreCovered() {
    for (double gap : new double[] {20, 88, 104, 709, 740, 744, 746, 1000}) {
      double[] scores = {0, -gap, -gap};
      assertCovered(scores, new double[] {0, 1, 1}, 3, 0);
      assertCovered(scores, new double[] {1e-300, 1e300, -1e300}, 3, 0);
      assertCovered(scores, new double[] {0, Double.MIN_VALUE, 1e-310}, 2, 0);
    }
  }

  @Test
  void manyShardsOfWhichOneLives() {
    double[] scores = new double[256];
    double[] values = new double[256];
    Arrays.fill(scores, -1000);
    Arrays.fill(values, 1e10);
    scores[133] = 3;
    values[133] = 7;
    assertCovered(scores, values, 256, 0);
  }

  private static void assertCovered(double[] scores, double[] values, int shards, double least) {
    double share = share(scores, values, shards);
    assertTrue(share <= 1 && share >= least, () -> "share " + share + " of the bound");
  }

  /** The larger of the errors of one shard and of several, in shares of the bound. */
  private static double share(double[] scores, double[] values, int shards) {
    double bound =
        new SoftmaxErrorBound(scores, new double[scores.length], shards)
            .of(values, new double[scores.length]);
    BigDecimal exact = exact(scores, values);
    double one = HighPrecision.error(merged(scores, values, 1), exact);
    double several = HighPrecision.error(merged(scores, values, shards), exact);
    return Math.max(one, several) / bound;
  }

  private static BigDecimal exact(double[] scores, double[] values) {
    BigDecimal numerator = BigDecimal.ZERO;
    BigDecimal denominator = BigDecimal.ZERO;
    for (int j = 0; j < scores.length; j++) {
      BigDecimal gap = new BigDecimal(scores[j]).subtract(new BigDecimal(scores[0]));
      BigDecimal weight = HighPrecision.exp(gap);
      numerator = numerator.add(weight.multiply(new BigDecimal(values[j])), HighPrecision.DIGITS);
      denominator = denominator.add(weight, HighPrecision.DIGITS);
    }
    return numerator.divide(denominator, HighPrecision.DIGITS);
  }

  /** Tokens dealt to shards in turn, normalised locally, merged by LSE. */
  private static double merged(double[] scores, double[] values, int shards) {
    double[] outputs = new double[shards];
    double[] lses = new double[shards];
    double max = Double.NEGATIVE_INFINITY;
    for (int shard = 0; shard < shards; shard++) {
      double localMax = Double.NEGATIVE_INFINITY;
      for (int j = shard; j < scores.length; j += shards) {
        localMax = Math.max(localMax, scores[j]);
      }
      double sum = 0;
      for (int j = shard; j < scores.length; j += shards) {
        sum += Math.exp(scores[j] - localMax);
        outputs[shard] += Math.exp(scores[j] - localMax) * values[j];
      }
      outputs[shard] /= sum > 0 ? sum : 1;
      lses[shard] = localMax + Math.log(sum);
      max = Math.max(max, lses[shard]);
    }
    double sum = 0;
    for (double lse : lses) {
      sum += Math.exp(lse - max);
    }
    double output = 0;
    for (int shard = 0; shard < shards; shard++) {
      output += Math.exp(lses[shard] - (max + Math.log(sum))) * outputs[shard];
    }
    return output;
  }

  private static double[] gaussian(SplittableRandom random, int size, double deviation) {
    double[] numbers = new double[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = deviation * random.nextGaussian();
    }
    return numbers;
  }
}
