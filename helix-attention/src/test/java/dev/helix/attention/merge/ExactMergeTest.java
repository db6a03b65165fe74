package dev.helix.attention.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.tensor.exact.ExactSums;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The merge of exact states on the sums themselves, without ranks, scores or tensors. */
final class ExactMergeTest {
  private static final MathContext DIGITS = new MathContext(60);
  private static final int HEADS = 3;
  private static final int DIM = 2;

  @Property(tries = 150, seed = "1")
  void theMergeIsTheQuotientOfTheSumsRoundedOnce(
      @ForAll @IntRange(min = 1, max = 8) int parts, @ForAll long seed) {
    Row row = Row.random(parts, seed);
    for (int head = 0; head < HEADS; head++) {
      double[] merged = new ExactMerge(row.weights()).merge(head, row.values(head));
      assertArrayEquals(row.quotients(head), merged, 0.0);
    }
  }

  @Property(tries = 100, seed = "2")
  void anyOrderAndBracketingGivesTheSameBits(
      @ForAll @IntRange(min = 2, max = 8) int parts, @ForAll long seed) {
    Row row = Row.random(parts, seed);
    for (int head = 0; head < HEADS; head++) {
      double[] merged = new ExactMerge(row.weights()).merge(head, row.values(head));
      List<ExactSums> weights = new ArrayList<>(row.weights());
      List<ExactSums> values = new ArrayList<>(row.values(head));
      Collections.shuffle(weights, new Random(seed));
      Collections.shuffle(values, new Random(seed));
      assertArrayEquals(merged, new ExactMerge(weights).merge(head, values), 0.0);
      List<ExactSums> two = List.of(sum(weights.subList(0, 1)), sum(weights.subList(1, parts)));
      List<ExactSums> twoValues = List.of(sum(values.subList(0, 1)), sum(values.subList(1, parts)));
      assertArrayEquals(merged, new ExactMerge(two).merge(head, twoValues), 0.0);
    }
  }

  @Property(tries = 50, seed = "3")
  void theEmptyStateIsTheIdentityAndNoStateIsChanged(
      @ForAll @IntRange(min = 1, max = 5) int parts, @ForAll long seed) {
    Row row = Row.random(parts, seed);
    Row same = Row.random(parts, seed);
    List<ExactSums> weights = new ArrayList<>(row.weights());
    weights.add(parts / 2, new ExactSums(HEADS));
    for (int head = 0; head < HEADS; head++) {
      List<ExactSums> values = new ArrayList<>(row.values(head));
      values.add(parts / 2, new ExactSums(DIM));
      assertArrayEquals(
          new ExactMerge(row.weights()).merge(head, row.values(head)),
          new ExactMerge(weights).merge(head, values),
          0.0);
      assertEquals(same.values(head), row.values(head));
    }
    assertEquals(same.weights(), row.weights());
  }

  @Example
  void statesWithoutTokensMergeToZero() {
    ExactMerge merge = new ExactMerge(List.of(new ExactSums(1), new ExactSums(1)));
    double[] merged = merge.merge(0, List.of(new ExactSums(DIM), new ExactSums(DIM)));
    assertArrayEquals(new double[DIM], merged, 0.0);
  }

  private static ExactSums sum(List<ExactSums> states) {
    ExactSums sum = new ExactSums(states.get(0).size());
    states.forEach(sum::add);
    return sum;
  }

  /**
   * The states of one row: tokens with weights and values, of each part and head.
   *
   * @param tokens {@code [parts][heads][tokens][weight, then values]}
   */
  @SuppressWarnings("ArrayRecordComponent") // A test's input, compared by nobody.
  private record Row(double[][][][] tokens) {
    static Row random(int parts, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      double[][][][] tokens = new double[parts][HEADS][][];
      for (int part = 0; part < parts; part++) {
        for (int head = 0; head < HEADS; head++) {
          int count = random.nextInt(4);
          tokens[part][head] = new double[count][1 + DIM];
          for (double[] token : tokens[part][head]) {
            // Weights as far apart as scores of ±100; values that cancel.
            token[0] = Math.scalb(random.nextDouble(0.7, 1.4), random.nextInt(-140, 140));
            token[1] = random.nextDouble(-1e4, 1e4);
            token[2] = random.nextBoolean() ? 1e8 : -1e8;
          }
        }
      }
      return new Row(tokens);
    }

    List<ExactSums> weights() {
      List<ExactSums> weights = new ArrayList<>();
      for (double[][][] part : tokens) {
        ExactSums sums = new ExactSums(HEADS);
        for (int head = 0; head < HEADS; head++) {
          for (double[] token : part[head]) {
            sums.add(head, token[0], 0);
          }
        }
        weights.add(sums);
      }
      return weights;
    }

    List<ExactSums> values(int head) {
      List<ExactSums> values = new ArrayList<>();
      for (double[][][] part : tokens) {
        ExactSums sums = new ExactSums(DIM);
        for (double[] token : part[head]) {
          sums.addProducts(token[0], new double[] {token[1], token[2]}, 0);
        }
        values.add(sums);
      }
      return values;
    }

    double[] quotients(int head) {
      BigDecimal weight = BigDecimal.ZERO;
      BigDecimal[] weighted = {BigDecimal.ZERO, BigDecimal.ZERO};
      for (double[][][] part : tokens) {
        for (double[] token : part[head]) {
          weight = weight.add(new BigDecimal(token[0]));
          for (int i = 0; i < DIM; i++) {
            BigDecimal product = new BigDecimal(token[0]).multiply(new BigDecimal(token[1 + i]));
            weighted[i] = weighted[i].add(product);
          }
        }
      }
      double[] quotients = new double[DIM];
      for (int i = 0; i < DIM && weight.signum() > 0; i++) {
        quotients[i] = weighted[i].divide(weight, DIGITS).doubleValue();
      }
      return quotients;
    }
  }
}
