package dev.helix.tensor.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class LinearErrorBoundTest {
  @Property(seed = "20250505", tries = 500)
  void dotProductsInAnyOrderStayWithinTheBoundOfTheExactSum(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 300) int in,
      @ForAll @DoubleRange(min = -200, max = 100) double logScale) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] weight = gaussian(random, in, 1);
    double[] x = gaussian(random, in, Math.pow(10, logScale));
    double bound = LinearErrorBound.of(weight, x, new double[in])[0];
    BigDecimal exact = exact(weight, x);
    double errors = 0;
    for (int ranks : new int[] {1, 3, in}) {
      errors = Math.max(errors, error(sliced(weight, x, ranks, true), exact));
      errors = Math.max(errors, error(sliced(weight, x, ranks, false), exact));
    }
    // The bound is of the difference of two programs: twice the error of each.
    assertTrue(2 * errors <= bound, 2 * errors + " exceeds " + bound);
  }

  @Test
  void theBoundIsReachedToAFewPercentWhereAllRoundingsAgree() {
    // 1 + (n − 1) numbers just above half an ulp of the sum: each addition rounds up.
    int n = 1024;
    double[] ones = new double[n];
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      ones[i] = 1;
      x[i] = i == 0 ? 1 : 0x1.0000001p-53;
    }
    double bound = LinearErrorBound.of(ones, x, new double[n])[0];
    double share = error(sliced(ones, x, 1, false), exact(ones, x)) / bound;
    assertTrue(share > 0.45 && share <= 0.5, "share " + share);
  }

  @Test
  void cancellationIsSeen() {
    double[] weight = {1e10, -1e10, 1};
    double[] x = {1, 1, 1};
    double bound = LinearErrorBound.of(weight, x, new double[3])[0];
    assertTrue(bound > 1e-6 && bound < 1e-4, "bound " + bound);
  }

  @Property(seed = "20250506", tries = 300)
  void inputErrorsArePropagated(
      @ForAll long seed, @ForAll @DoubleRange(min = -16, max = 3) double logInputError) {
    SplittableRandom random = new SplittableRandom(seed);
    int in = 20;
    double[] weight = gaussian(random, in, 1);
    double[] x = gaussian(random, in, 1);
    double[] moved = new double[in];
    double[] inputError = new double[in];
    for (int i = 0; i < in; i++) {
      // In the direction in which all errors add up.
      moved[i] = x[i] + Math.pow(10, logInputError) * random.nextDouble() * Math.signum(weight[i]);
      inputError[i] = Math.abs(moved[i] - x[i]) * (1 + 1e-12);
    }
    double bound = LinearErrorBound.of(weight, x, inputError)[0];
    double difference = Math.abs(sliced(weight, x, 1, false) - sliced(weight, moved, 4, true));
    assertTrue(difference <= bound, difference + " exceeds " + bound);
    assertTrue(logInputError < -12 || difference > 0.9 * bound, difference + " of " + bound);
  }

  @Test
  void productsThatUnderflowAreCovered() {
    double[] weight = {1e-200, 1e-200};
    double bound = LinearErrorBound.of(weight, new double[] {1e-200, 1e-130}, new double[2])[0];
    assertTrue(bound >= 2 * Double.MIN_VALUE);
  }

  @Test
  void sizesAreChecked() {
    double[] two = new double[2];
    assertThrows(
        IllegalArgumentException.class, () -> LinearErrorBound.of(new double[3], two, two));
    assertThrows(
        IllegalArgumentException.class, () -> LinearErrorBound.of(two, two, new double[1]));
    assertThrows(
        IllegalArgumentException.class,
        () -> LinearErrorBound.of(two, new double[0], new double[0]));
  }

  @Test
  void gammaIsTheBoundOfRoundingsInARow() {
    assertEquals(0, Rounding.gamma(0));
    assertTrue(Rounding.gamma(1) > Rounding.UNIT);
    assertEquals(1000 * Rounding.UNIT, Rounding.gamma(1000), 1e-25);
    assertThrows(IllegalArgumentException.class, () -> Rounding.gamma(-1));
    assertThrows(IllegalArgumentException.class, () -> Rounding.gamma(1L << 52));
  }

  /** One partial sum for each slice, then added in rank order. */
  private static double sliced(double[] weight, double[] x, int ranks, boolean fused) {
    double sum = 0;
    for (int rank = 0; rank < ranks; rank++) {
      double partial = 0;
      int from = (int) ((long) x.length * rank / ranks);
      int to = (int) ((long) x.length * (rank + 1) / ranks);
      for (int i = from; i < to; i++) {
        partial = fused ? Math.fma(weight[i], x[i], partial) : partial + weight[i] * x[i];
      }
      sum += partial;
    }
    return sum;
  }

  private static BigDecimal exact(double[] weight, double[] x) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < x.length; i++) {
      sum = sum.add(new BigDecimal(weight[i]).multiply(new BigDecimal(x[i])));
    }
    return sum;
  }

  private static double error(double actual, BigDecimal exact) {
    return new BigDecimal(actual).subtract(exact).abs().doubleValue();
  }

  private static double[] gaussian(SplittableRandom random, int size, double deviation) {
    double[] numbers = new double[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = deviation * random.nextGaussian();
    }
    return numbers;
  }
}
