package dev.helix.tensor.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** {@link SlicedProducts} gives what adding digit by digit gives, whatever the numbers. */
class SlicedProductsTest {
  @Property(tries = 300, seed = "1")
  void slicesLoseNothing(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 28) int bits,
      @ForAll @IntRange(min = -870, max = 870) int unit,
      @ForAll @IntRange(max = 900) int factorSpread) {
    SplittableRandom random = new SplittableRandom(seed);
    HardDoubles hard = new HardDoubles(seed);
    int size = random.nextInt(1, 20);
    ExactSums fast = new ExactSums(size);
    ExactSums slow = new ExactSums(size);
    SlicedProducts sliced = new SlicedProducts(fast);
    for (int term = 0; term < 40; term++) {
      double[] values = new double[size];
      for (int i = 0; i < size; i++) {
        values[i] = Math.scalb((double) random.nextLong(-(1L << bits) + 1, 1L << bits), unit);
      }
      IntegerRange range = IntegerRange.of("a value", values);
      assertTrue(SlicedProducts.fits(range), range::toString);
      double factor = random.nextInt(8) == 0 ? hard.next() : hard.anyExponent(-factorSpread, 1);
      sliced.add(factor, values, range);
      slow.addProducts(factor, values, 0);
    }
    sliced.flush();
    assertEquals(slow, fast);
  }

  @Example
  void slotsAreEmptiedBeforeTheyOverflow() {
    double most = (1 << 28) - 1;
    double[] values = {most, -most, 1};
    ExactSums fast = new ExactSums(3);
    ExactSums slow = new ExactSums(3);
    SlicedProducts sliced = new SlicedProducts(fast);
    IntegerRange range = IntegerRange.of("a value", values);
    for (int term = 0; term < 3000; term++) {
      // All 53 bits are 1, and so are those of every slice.
      sliced.add(0x1.fffffffffffffp52, values, range);
      slow.addProducts(0x1.fffffffffffffp52, values, 0);
    }
    sliced.flush();
    assertEquals(slow, fast);
  }

  @Example
  void aRangeIsAsNarrowAsItsValues() {
    assertEquals(
        new IntegerRange(-3, 5), IntegerRange.of("a value", new double[] {0, 2.5, -0.125}));
    assertEquals(new IntegerRange(0, 0), IntegerRange.of("a value", new double[] {0.0, -0.0}));
    assertTrue(SlicedProducts.fits(new IntegerRange(0, 28)));
    assertFalse(SlicedProducts.fits(new IntegerRange(0, 29)));
    assertFalse(SlicedProducts.fits(IntegerRange.of("a value", new double[] {Math.PI})));
    assertFalse(SlicedProducts.fits(IntegerRange.of("a value", new double[] {0x1p-1000})));
  }

  @Example
  void aFactorThatIsNoNumberIsAnError() {
    SlicedProducts sliced = new SlicedProducts(new ExactSums(1));
    IntegerRange range = new IntegerRange(0, 1);
    for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertThrows(ExactRangeException.class, () -> sliced.add(bad, new double[] {1}, range));
    }
  }
}
