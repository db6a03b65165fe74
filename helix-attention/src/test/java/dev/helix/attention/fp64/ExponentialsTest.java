package dev.helix.attention.fp64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.scalar.DecimalArithmetic;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Exponentials of rows, against 50 digits. */
class ExponentialsTest {
  /** ln of the least normal number. */
  private static final double LEAST_NORMAL = -708.39;

  private static double[] exponentials(double... numbers) {
    double[] row = numbers.clone();
    new Exponentials(row.length).replace(row, 0, row.length);
    return row;
  }

  /** Both ends of the range, whole multiples of ln 2 and the midpoints between them, and others. */
  private static double[] numbers() {
    SplittableRandom random = new SplittableRandom(3);
    DoubleStream multiples =
        DoubleStream.iterate(0, k -> k >= -2152, k -> k - 1)
            .map(k -> k * Math.log(2) / 2)
            .flatMap(x -> DoubleStream.of(x, Math.nextUp(x), Math.nextDown(x)))
            .filter(x -> x <= 0);
    return Stream.of(
            random.doubles(4000, -1, 0),
            random.doubles(4000, -40, 0),
            random.doubles(4000, -746, 0),
            random.doubles(300, -60, 0).map(Math::exp).map(x -> -x),
            multiples)
        .flatMapToDouble(numbers -> numbers)
        .toArray();
  }

  @Test
  void anExponentialIsWithinAnUlp() {
    double[] numbers = numbers();
    double[] found = exponentials(numbers);
    DecimalArithmetic decimal = new DecimalArithmetic();
    for (int i = 0; i < numbers.length; i++) {
      BigDecimal expected = decimal.exp(new BigDecimal(numbers[i]));
      BigDecimal ulp = new BigDecimal(Math.ulp(expected.doubleValue()));
      BigDecimal off = new BigDecimal(found[i]).subtract(expected).abs();
      double error = off.divide(ulp, MathContext.DECIMAL64).doubleValue();
      int at = i;
      assertTrue(error <= 1, () -> "exp(%s) is off by %s ulp".formatted(numbers[at], error));
    }
    // The range has results that are subnormal, and results that are 0.
    assertTrue(Arrays.stream(numbers).anyMatch(x -> x < LEAST_NORMAL));
    assertTrue(Arrays.stream(found).anyMatch(x -> x == 0));
  }

  @Test
  void theLargestHasWeightOneAndMinusInfinityNone() {
    double[] row = {3, Double.NEGATIVE_INFINITY, 3, -5e300, 2};
    double sum = new Exponentials(8).replace(row, 3, 4);
    assertEquals(2, sum);
    assertEquals(0, row[1]);
    assertEquals(1, row[2]);
    assertEquals(0, row[3]);
    // The row goes on.
    assertEquals(2, row[4]);
  }

  @Test
  void noNumberStaysNoNumber() {
    double[] row = {-1, Double.NaN, 0};
    assertTrue(Double.isNaN(new Exponentials(3).replace(row, 0, 3)));
    assertTrue(Double.isNaN(row[1]));
    assertEquals(1, row[2]);
    double[] all = {-1, 0};
    assertTrue(Double.isNaN(new Exponentials(2).replace(all, Double.NaN, 2)));
  }
}
