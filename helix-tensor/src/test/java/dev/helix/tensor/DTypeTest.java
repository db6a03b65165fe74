package dev.helix.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.DoubleStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class DTypeTest {
  @ParameterizedTest
  @CsvSource({
    // The examples of IEEE 754 binary16 and of BF16 that every table has.
    "F16, 0x3c00, 1.0",
    "F16, 0xc000, -2.0",
    "F16, 0x3555, 0.333251953125",
    "F16, 0x7bff, 65504.0",
    "F16, 0x0400, 0x1p-14",
    "F16, 0x03ff, 0x1.ff8p-15",
    "F16, 0x0001, 0x1p-24",
    "F16, 0x8000, -0.0",
    "F16, 0x7c00, Infinity",
    "F16, 0xfc00, -Infinity",
    "BF16, 0x3f80, 1.0",
    "BF16, 0x4049, 3.140625",
    "BF16, 0x7f7f, 0x1.fep127",
    "BF16, 0x0080, 0x1p-126",
    "BF16, 0x0001, 0x1p-133",
    "BF16, 0x8001, -0x1p-133",
    "BF16, 0xff80, -Infinity",
    "F32, 0x3f800000, 1.0",
    "F32, 0x00000001, 0x1p-149",
    "F32, 0x7f7fffff, 0x1.fffffep127",
    "F64, 0x0000000000000001, 0x1p-1074",
    "F64, 0x7fefffffffffffff, 0x1.fffffffffffffp1023",
  })
  void knownBitsStandForKnownNumbers(DType dtype, String bits, double number) {
    long element = Long.parseUnsignedLong(bits.substring(2), 16);
    assertEquals(number, dtype.decode(element));
    assertEquals(element, dtype.encode(number));
  }

  @ParameterizedTest
  @CsvSource({
    "F16, 2049, 2048", // halfway, down to even
    "F16, 2051, 2052", // halfway, up to even
    "F16, 65519.99, 65504",
    "F16, 65520, Infinity", // halfway to what would be 2^16
    "F16, -1e300, -Infinity",
    "F16, 0x1p-25, 0", // half the smallest subnormal
    "F16, 0x1.0000000000001p-25, 0x1p-24",
    "F16, -0x1p-26, -0.0",
    "F16, 0x1.ffcp-15, 0x1p-14", // from subnormal to normal
    "BF16, 0x1.01p0, 1.0",
    "BF16, 0x1.03p0, 0x1.04p0",
    "BF16, 0x1.ffp127, Infinity",
    "BF16, 0x1p-1074, 0",
    "F32, 0x1p-150, 0",
    "F32, 0x1.8p-149, 0x1p-148",
    "F32, 1e39, Infinity",
  })
  void roundingIsToTheNearestAndTiesGoToEven(DType dtype, double number, double rounded) {
    assertEquals(rounded, dtype.round(number));
  }

  @Test
  void roundingToBf16IsNotRoundingToFloatFirst() {
    double justAboveHalfway = 0x1.0100000000001p0;
    assertEquals(1.0, DType.BF16.round((float) justAboveHalfway));
    assertEquals(0x1.02p0, DType.BF16.round(justAboveHalfway));
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16"})
  void everySixteenBitElementSurvivesDecodingAndEncoding(DType dtype) {
    for (int element = 0; element < 1 << 16; element++) {
      double number = dtype.decode(element);
      if (Double.isNaN(number)) {
        assertTrue(Double.isNaN(dtype.round(number)));
      } else {
        assertEquals(element, dtype.encode(number));
      }
    }
  }

  /**
   * Between each two neighbours the whole behaviour is decided by the midpoint and what is beside
   * it.
   */
  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16"})
  void betweenAnyTwoNeighboursTheNearerIsTakenAndAtTheMidpointTheEven(DType dtype) {
    long infinity = dtype.encode(Double.POSITIVE_INFINITY);
    for (long below = 0; below + 1 < infinity; below++) {
      double middle = (dtype.decode(below) + dtype.decode(below + 1)) / 2;
      long even = (below & 1) == 0 ? below : below + 1;
      assertEquals(below, dtype.encode(Math.nextDown(middle)));
      assertEquals(even, dtype.encode(middle));
      assertEquals(below + 1, dtype.encode(Math.nextUp(middle)));
      assertEquals(even | 0x8000, dtype.encode(-middle));
    }
  }

  @Property(tries = 20_000)
  void f32IsWhatTheJavaLanguageRoundsTo(@ForAll("nastyDoubles") double number) {
    int expected = Float.floatToRawIntBits((float) number);
    if (Double.isNaN(number)) {
      assertTrue(Double.isNaN(DType.F32.round(number)));
    } else {
      assertEquals(expected, (int) DType.F32.encode(number));
      assertEquals((double) (float) number, DType.F32.round(number));
    }
  }

  @Property
  void bf16OfAFloatIsTheRoundingOfItsUpperHalf(@ForAll float number) {
    int bits = Float.floatToRawIntBits(number);
    int rounded = (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16;
    assertEquals(rounded, (int) DType.BF16.encode(number));
  }

  @Property
  void f64KeepsEveryBit(@ForAll long element) {
    assertEquals(
        Double.doubleToRawLongBits(Double.longBitsToDouble(element)),
        DType.F64.encode(DType.F64.decode(element)));
  }

  @ParameterizedTest
  @EnumSource
  void nanStaysNanAndKeepsItsSign(DType dtype) {
    DoubleStream.of(Double.NaN, Double.longBitsToDouble(0x7ff0000000000001L))
        .forEach(nan -> assertTrue(Double.isNaN(dtype.round(nan))));
    long negative = dtype.encode(Double.longBitsToDouble(0xfff8000000000000L));
    assertEquals(1, negative >>> (dtype.bits() - 1));
  }

  @ParameterizedTest
  @EnumSource
  void theUpperBitsOfAnElementAreZero(DType dtype) {
    if (dtype.bits() < Long.SIZE) {
      assertEquals(0, dtype.encode(-Double.NaN) >>> dtype.bits());
      assertEquals(0, dtype.encode(Double.NEGATIVE_INFINITY) >>> dtype.bits());
    }
    assertEquals(dtype.bits(), 8 * dtype.bytes());
  }

  @Provide
  Arbitrary<Double> nastyDoubles() {
    Arbitrary<Double> anyBits =
        Arbitraries.longs()
            .between(Long.MIN_VALUE, Long.MAX_VALUE)
            .withDistribution(RandomDistribution.uniform())
            .map(Double::longBitsToDouble);
    Arbitrary<Double> nearFloats =
        Arbitraries.integers()
            .withDistribution(RandomDistribution.uniform())
            .map(Float::intBitsToFloat)
            .map(f -> ((double) f + (double) Math.nextUp(f)) / 2);
    Arbitrary<Double> besideMidpoints =
        nearFloats.flatMap(m -> Arbitraries.of(m, Math.nextUp(m), Math.nextDown(m)));
    Arbitrary<Double> special =
        Arbitraries.of(0.0, -0.0, Double.MIN_VALUE, 0x1p-150, 0x1p-149, 0x1.ffffffp127, Double.NaN);
    return Arbitraries.oneOf(anyBits, besideMidpoints, special);
  }
}
