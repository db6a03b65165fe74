package dev.helix.runtime.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RmsNormErrorBoundTest {
  private static final MathContext DIGITS = new MathContext(50, RoundingMode.HALF_EVEN);

  private static final class Norm {
    final String name;
    final double[] x;
    final double epsilon;

    Norm(String name, double[] x, double epsilon) {
      this.name = name;
      this.x = x;
      this.epsilon = epsilon;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Norm> hardCases() {
    double[] oneLarge = gaussian(200, 1, 1);
    oneLarge[17] = 1e6;
    return Stream.of(
        new Norm("moderate", gaussian(128, 1, 2), 1e-5),
        new Norm("one element", new double[] {0.3}, 1e-6),
        new Norm("wide", gaussian(8192, 1, 3), 1e-5),
        new Norm("one element outweighs all", oneLarge, 1e-5),
        new Norm("epsilon outweighs all", gaussian(64, 1e-9, 4), 1e-5),
        new Norm("squares underflow, no epsilon", gaussian(64, 1e-160, 5), 0),
        new Norm("large", gaussian(64, 1e150, 6), 1e-5));
  }

  @ParameterizedTest
  @MethodSource("hardCases")
  void everyCarefulProgramStaysWithinTheBoundOfTheExactValueAndUsesMoreThanATenThousandth(
      Norm norm) {
    double[] weight = gaussian(norm.x.length, 1, 9);
    UnshardedRmsNorm baseline = new UnshardedRmsNorm(weight, norm.epsilon);
    double[] bound = new RmsNormErrorBound(baseline).of(norm.x);
    BigDecimal[] truth = exact(norm.x, weight, norm.epsilon);
    double plain = worstShare(baseline.apply(norm.x), truth, bound);
    double other = worstShare(another(norm.x, weight, norm.epsilon), truth, bound);
    assertTrue(plain <= 1 && other <= 1, () -> plain + " and " + other + " of the bound");
    assertTrue(Math.max(plain, other) >= 1e-4, () -> "only " + plain + " and " + other);
  }

  @Property(seed = "20250301", tries = 1000)
  void inputErrorsOfEverySizeAreCarriedThrough(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int hidden,
      @ForAll @DoubleRange(min = -15, max = 3) double logInputError) {
    double[] x = gaussian(hidden, 1, seed);
    double[] weight = gaussian(hidden, 1, seed + 1);
    double[] inputError = new double[hidden];
    Arrays.fill(inputError, Math.pow(10, logInputError));
    SplittableRandom random = new SplittableRandom(seed + 2);
    double[] moved = x.clone();
    for (int i = 0; i < hidden; i++) {
      // A little less than E, for x + E is itself rounded.
      moved[i] += (random.nextBoolean() ? 0.999 : -0.999) * inputError[i];
    }
    UnshardedRmsNorm baseline = new UnshardedRmsNorm(weight, 1e-5);
    double[] bound = new RmsNormErrorBound(baseline).of(x, inputError);
    double[] expected = baseline.apply(x);
    double[] actual = another(moved, weight, 1e-5);
    double worst = 0;
    for (int i = 0; i < hidden; i++) {
      worst = Math.max(worst, Math.abs(actual[i] - expected[i]) / bound[i]);
    }
    double share = worst;
    assertTrue(share <= 1, () -> "uses " + share);
    // From 1e-2 on the root may come near epsilon in the worst case, and far from it in this one.
    assertTrue(logInputError < -13 || logInputError > -2 || hidden == 1 || share > 1e-2);
  }

  @Test
  void aForgottenEpsilonAMeanOverOneLessAndSinglePrecisionExceedTheBound() {
    double[] x = gaussian(128, 1, 7);
    double[] weight = gaussian(128, 1, 8);
    UnshardedRmsNorm baseline = new UnshardedRmsNorm(weight, 1e-5);
    double[] bound = new RmsNormErrorBound(baseline).of(x);
    double[] expected = baseline.apply(x);
    double[] noEpsilon = another(x, weight, 0);
    double[] single = new double[128];
    double[] oneLess = new double[128];
    for (int i = 0; i < 128; i++) {
      single[i] = (float) expected[i];
      oneLess[i] = expected[i] * Math.sqrt(127.0 / 128);
    }
    for (double[] wrong : new double[][] {noEpsilon, single, oneLess}) {
      double worst = 0;
      for (int i = 0; i < 128; i++) {
        worst = Math.max(worst, Math.abs(wrong[i] - expected[i]) / bound[i]);
      }
      assertTrue(worst > 100, "share " + worst);
    }
  }

  @Test
  void byHand() {
    // mean(x²) = 12.5, and 12.5 + 12.5 = 25.
    UnshardedRmsNorm norm = new UnshardedRmsNorm(new double[] {1, 2}, 12.5);
    assertArrayEquals(new double[] {0.6, 1.6}, norm.apply(new double[] {3, 4}), 1e-15);
  }

  @Test
  void sizesAreChecked() {
    UnshardedRmsNorm norm = new UnshardedRmsNorm(new double[2], 1e-5);
    assertThrows(IllegalArgumentException.class, () -> norm.apply(new double[3]));
    assertThrows(
        IllegalArgumentException.class, () -> new RmsNormErrorBound(norm).of(new double[1]));
    assertThrows(
        IllegalArgumentException.class, () -> new UnshardedRmsNorm(new double[2], Double.NaN));
  }

  /** Another order, fused, and by the reciprocal of the root. */
  private static double[] another(double[] x, double[] weight, double epsilon) {
    double sum = 0;
    for (int i = x.length - 1; i >= 0; i--) {
      sum = Math.fma(x[i], x[i], sum);
    }
    double reciprocal = 1 / Math.sqrt(sum * (1.0 / x.length) + epsilon);
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = weight[i] * (x[i] * reciprocal);
    }
    return y;
  }

  private static BigDecimal[] exact(double[] x, double[] weight, double epsilon) {
    BigDecimal sum = BigDecimal.ZERO;
    for (double element : x) {
      sum = sum.add(new BigDecimal(element).pow(2), DIGITS);
    }
    BigDecimal mean = sum.divide(BigDecimal.valueOf(x.length), DIGITS);
    BigDecimal root = mean.add(new BigDecimal(epsilon)).sqrt(DIGITS);
    BigDecimal[] y = new BigDecimal[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = new BigDecimal(x[i]).multiply(new BigDecimal(weight[i])).divide(root, DIGITS);
    }
    return y;
  }

  private static double worstShare(double[] actual, BigDecimal[] truth, double[] bound) {
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      double error = new BigDecimal(actual[i]).subtract(truth[i]).abs().doubleValue();
      worst = Math.max(worst, error / bound[i]);
    }
    return worst;
  }

  private static double[] gaussian(int size, double deviation, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] numbers = new double[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = deviation * random.nextGaussian();
    }
    return numbers;
  }
}
