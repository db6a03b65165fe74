package dev.helix.attention.merge;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The laws of a merge that takes (O, LSE) pairs and rounds, without ranks and without tensors. */
interface MergeContract {
  MathContext DIGITS = new MathContext(50);

  /**
   * The merge of one row and head.
   *
   * @param lses {@code [shards]}
   * @param outputs {@code [shards, headDim]}
   * @return {@code [headDim]}
   */
  double[] merge(double[] lses, double[][] outputs);

  @Property(tries = 200, seed = "44")
  default void theMergeIsTheSoftmaxOverTheLsesOfTheLivingParts(
      @ForAll @IntRange(min = 1, max = 9) int parts,
      @ForAll @IntRange(min = 1, max = 4) int dim,
      @ForAll @IntRange(max = 3) int inequality,
      @ForAll long seed) {
    Parts given = Parts.random(parts, dim, inequality, seed);
    double[] merged = merge(given.lses(), given.outputs());
    assertEquals(dim, merged.length);
    for (int i = 0; i < dim; i++) {
      assertEquals(given.reference(i), merged[i], given.bound(i));
    }
  }

  @Property(tries = 100, seed = "45")
  default void theOrderOfThePartsChangesNothingButRounding(
      @ForAll @IntRange(min = 2, max = 9) int parts,
      @ForAll @IntRange(max = 3) int inequality,
      @ForAll long seed) {
    Parts given = Parts.random(parts, 3, inequality, seed);
    Parts other = given.shuffled(seed);
    double[] merged = merge(given.lses(), given.outputs());
    double[] shuffled = merge(other.lses(), other.outputs());
    for (int i = 0; i < 3; i++) {
      assertEquals(merged[i], shuffled[i], given.bound(i));
    }
  }

  @Property(tries = 100, seed = "46")
  default void aPartWithoutTokensChangesNoBitWhateverItHolds(
      @ForAll @IntRange(min = 1, max = 6) int parts,
      @ForAll @IntRange(max = 3) int inequality,
      @ForAll @IntRange(max = 6) int place,
      @ForAll long seed) {
    Parts given = Parts.random(parts, 3, inequality, seed);
    Parts more =
        given.with(
            Math.min(place, parts),
            NEGATIVE_INFINITY,
            new double[] {NaN, Double.POSITIVE_INFINITY, 1e308});
    assertArrayEquals(
        merge(given.lses(), given.outputs()), merge(more.lses(), more.outputs()), 0.0);
  }

  @Property(tries = 100, seed = "47")
  default void theResultLiesInTheHullOfTheOutputs(
      @ForAll @IntRange(min = 1, max = 9) int parts,
      @ForAll @IntRange(max = 3) int inequality,
      @ForAll long seed) {
    Parts given = Parts.random(parts, 2, inequality, seed);
    double[] merged = merge(given.lses(), given.outputs());
    for (int i = 0; i < 2; i++) {
      double[] values = given.livingValues(i);
      if (values.length > 0) {
        double slack = given.bound(i);
        assertTrue(merged[i] >= Arrays.stream(values).min().orElseThrow() - slack);
        assertTrue(merged[i] <= Arrays.stream(values).max().orElseThrow() + slack);
      }
    }
  }

  @Example
  default void partsWithoutTokensMergeToZero() {
    double[] none = {NEGATIVE_INFINITY, NEGATIVE_INFINITY};
    double[][] poison = {{NaN, 1}, {Double.NEGATIVE_INFINITY, 2}};
    assertArrayEquals(new double[2], merge(none, poison), 0.0);
  }

  @Example
  default void threeQuartersAndOneQuarter() {
    double[] merged = merge(new double[] {Math.log(3), 0}, new double[][] {{4, -8}, {8, 8}});
    assertArrayEquals(new double[] {5, -4}, merged, 1e-14);
  }

  @Example
  default void lsesBeyondTheRangeOfExpAreWeighedByTheirGap() {
    for (double base : new double[] {-1e4, -746, 710, 1e4}) {
      double[] merged = merge(new double[] {base, base}, new double[][] {{1}, {3}});
      assertArrayEquals(new double[] {2}, merged, 1e-11);
    }
  }

  /**
   * What is merged.
   *
   * @param lses {@code [shards]}
   * @param outputs {@code [shards, headDim]}
   */
  @SuppressWarnings("ArrayRecordComponent") // A test's input, compared by nobody.
  record Parts(double[] lses, double[][] outputs) {
    /** LSEs nearly equal or apart; a part without tokens holds NaN. */
    static Parts random(int parts, int dim, int inequality, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      double spread = new double[] {0.1, 20, 800, 1e5}[inequality];
      double emptyShare = random.nextInt(4) / 3.0;
      double[] lses = new double[parts];
      double[][] outputs = new double[parts][dim];
      for (int part = 0; part < parts; part++) {
        boolean empty = random.nextDouble() < emptyShare;
        lses[part] = empty ? NEGATIVE_INFINITY : random.nextDouble(-spread, spread);
        Arrays.setAll(outputs[part], i -> empty ? NaN : random.nextDouble(-10, 10));
      }
      return new Parts(lses, outputs);
    }

    Parts shuffled(long seed) {
      List<Integer> order = new ArrayList<>();
      for (int part = 0; part < lses.length; part++) {
        order.add(part);
      }
      Collections.shuffle(order, new Random(seed));
      return new Parts(
          order.stream().mapToDouble(part -> lses[part]).toArray(),
          order.stream().map(part -> outputs[part]).toArray(double[][]::new));
    }

    Parts with(int place, double lse, double[] output) {
      List<Double> moreLses = new ArrayList<>(Arrays.stream(lses).boxed().toList());
      List<double[]> moreOutputs = new ArrayList<>(Arrays.asList(outputs));
      moreLses.add(place, lse);
      moreOutputs.add(place, output);
      return new Parts(
          moreLses.stream().mapToDouble(Double::doubleValue).toArray(),
          moreOutputs.toArray(double[][]::new));
    }

    double[] livingLses() {
      return Arrays.stream(lses).filter(lse -> lse != NEGATIVE_INFINITY).toArray();
    }

    double[] livingValues(int component) {
      List<Double> values = new ArrayList<>();
      for (int part = 0; part < lses.length; part++) {
        if (lses[part] != NEGATIVE_INFINITY) {
          values.add(outputs[part][component]);
        }
      }
      return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    double bound(int component) {
      double[] living = livingLses();
      return living.length == 0 ? 0 : TwoMergesBound.of(living, livingValues(component));
    }

    /** Σ exp(LSEᵢ)·Oᵢ / Σ exp(LSEᵢ) in 50 digits; 0 without living parts. */
    double reference(int component) {
      double[] living = livingLses();
      double[] values = livingValues(component);
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal weighted = BigDecimal.ZERO;
      for (int part = 0; part < living.length; part++) {
        BigDecimal weight = BigDecimalMath.exp(new BigDecimal(living[part]), DIGITS);
        sum = sum.add(weight, DIGITS);
        weighted = weighted.add(weight.multiply(new BigDecimal(values[part])), DIGITS);
      }
      return living.length == 0 ? 0 : weighted.divide(sum, DIGITS).doubleValue();
    }
  }
}
