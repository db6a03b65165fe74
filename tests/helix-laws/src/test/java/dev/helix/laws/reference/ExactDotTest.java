package dev.helix.laws.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Exact inner products, against decimal arithmetic. */
class ExactDotTest {
  @Property(tries = 300, seed = "5")
  void isTheSumOfTheExactProducts(
      @ForAll @Size(7) List<Double> x, @ForAll @Size(7) List<Double> y) {
    assertExact(numbers(x), numbers(y));
  }

  @Example
  void holdsForNumbersAtTheEndsOfTheRange() {
    double[] ends = {Double.MAX_VALUE, Double.MIN_VALUE, -0.0, Double.MIN_NORMAL, 1, -1e-320, 3};
    double[] others = {-Double.MAX_VALUE, Double.MIN_VALUE, 5, 0x1p-1000, 0x1p52, 1e308, 0.1};
    assertExact(ends, others);
    assertExact(new double[2], new double[2]);
    assertExact(new double[] {1, 1}, new double[] {0x1p-60, -0x1p-60});
  }

  @Example
  void refusesWhatIsNoNumber() {
    assertThrows(
        IllegalArgumentException.class,
        () -> ExactDot.of(new double[] {Double.NaN}, new double[] {1}, 0));
  }

  private static void assertExact(double[] x, double[] y) {
    for (int first = 0; first <= x.length; first++) {
      BigDecimal expected = BigDecimal.ZERO;
      for (int i = first; i < x.length; i++) {
        expected = expected.add(new BigDecimal(x[i]).multiply(new BigDecimal(y[i])));
      }
      assertEquals(0, expected.compareTo(ExactDot.of(x, y, first)));
    }
  }

  private static double[] numbers(List<Double> given) {
    return given.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
