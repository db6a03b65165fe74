package dev.helix.tensor.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** {@link ProductBins} gives what adding digit by digit gives, whatever the numbers. */
class ProductBinsTest {
  @Property(tries = 300, seed = "1")
  void binsLoseNothing(
      @ForAll long seed,
      @ForAll @IntRange(max = 40) int valueSpread,
      @ForAll @IntRange(max = 4000) int exponentSpread) {
    SplittableRandom random = new SplittableRandom(seed);
    HardDoubles hard = new HardDoubles(seed);
    int size = random.nextInt(1, 20);
    ExactSums fast = new ExactSums(size);
    ExactSums slow = new ExactSums(size);
    ProductBins bins = new ProductBins(fast);
    for (int term = 0; term < 50; term++) {
      double[] values = new double[size];
      for (int i = 0; i < size; i++) {
        values[i] = hard.anyExponent(-valueSpread, 1);
      }
      double factor = hard.anyExponent(-1, 1);
      int exponent = random.nextInt(-exponentSpread, exponentSpread + 1);
      bins.add(factor, exponent, values, ValueRange.of("a value", values, 0, size));
      slow.addProducts(factor, values, exponent);
    }
    bins.flush();
    assertEquals(slow, fast);
  }

  @Property(tries = 200, seed = "2")
  void neitherSubnormalsNorExtremesNorZerosLoseAnything(@ForAll long seed) {
    HardDoubles hard = new HardDoubles(seed);
    ExactSums fast = new ExactSums(5);
    ExactSums slow = new ExactSums(5);
    ProductBins bins = new ProductBins(fast);
    for (int term = 0; term < 30; term++) {
      double[] values = {hard.next(), hard.next(), 0, hard.next(), hard.next()};
      double factor = hard.next();
      bins.add(factor, 0, values, ValueRange.of("a value", values, 0, 5));
      slow.addProducts(factor, values, 0);
    }
    bins.flush();
    assertEquals(slow, fast);
  }

  @Example
  void binsHoldMoreTermsThanFitAtOnce() {
    double[] greatest = {0x1.fffffffffffffp0, -0x1.fffffffffffffp0, 0x1.0000000000001p0};
    ExactSums fast = new ExactSums(3);
    ExactSums slow = new ExactSums(3);
    ProductBins bins = new ProductBins(fast);
    ValueRange range = ValueRange.of("a value", greatest, 0, 3);
    for (int term = 0; term < 5000; term++) {
      // Exponents that put the product at the very top of the first bin.
      bins.add(0x1.fffffffffffffp0, 38, greatest, range);
      slow.addProducts(0x1.fffffffffffffp0, greatest, 38);
    }
    bins.flush();
    assertEquals(slow, fast);
  }

  @Example
  void aFactorOrValueThatIsNoNumberIsAnError() {
    double[] values = {1};
    ProductBins bins = new ProductBins(new ExactSums(1));
    ValueRange range = ValueRange.of("a value", values, 0, 1);
    assertThrows(ExactRangeException.class, () -> bins.add(Double.NaN, 0, values, range));
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      double[] given = {0, bad};
      assertThrows(ExactRangeException.class, () -> ValueRange.of("a value", given, 0, 2));
    }
  }
}
