package dev.helix.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
    "FP8, 0x00, 0.0",
    "FP8, 0x80, -0.0",
    "FP8, 0x01, 0x1p-9",
    "FP8, 0x07, 0x1.cp-7",
    "FP8, 0x08, 0x1p-6",
    "FP8, 0x38, 1.0",
    "FP8, 0x78, 256.0",
    "FP8, 0x7e, 448.0",
    "FP8, 0xfe, -448.0",
    "FP4, 0x0, 0.0",
    "FP4, 0x1, 0.5",
    "FP4, 0x2, 1.0",
    "FP4, 0x3, 1.5",
    "FP4, 0x4, 2.0",
    "FP4, 0x5, 3.0",
    "FP4, 0x6, 4.0",
    "FP4, 0x7, 6.0",
    "FP4, 0x8, -0.0",
    "FP4, 0xf, -6.0",
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
    "FP8, 0x1p-10, 0", // half the smallest subnormal
    "FP8, 0x1.8p-10, 0x1p-9",
    "FP8, 17, 16", // halfway, down to even
    "FP8, 19, 20", // halfway, up to even
    "FP8, 464, 448", // halfway to what would be 480, the bits of NaN
    "FP8, Infinity, 448",
    "FP8, -1e300, -448",
    "FP4, 0.25, 0",
    "FP4, 0.75, 1",
    "FP4, 1.25, 1",
    "FP4, 2.5, 2",
    "FP4, 3.5, 4",
    "FP4, 5, 4",
    "FP4, 0x1.4000000000001p2, 6",
    "FP4, 7, 6",
    "FP4, -Infinity, -6",
    "F32, 0x1p-150, 0",
    "F32, 0x1.8p-149, 0x1p-148",
    "F32, 1e39, Infinity",
  })
  void roundingIsToTheNearestAndTiesGoToEven(DType dtype, double number, double rounded) {
    assertEquals(rounded, dtype.round(number));
  }

  /** The format has so few elements that all are tried, against a search for the nearest. */
  @ParameterizedTest
  @EnumSource(names = {"FP8", "FP4"})
  void theNarrowFormatsRoundToTheNearestOfAllTheirElements(DType dtype) {
    long elements = dtype == DType.FP8 ? 0x7f : 0x8; // Without FP8's NaN.
    for (double number = 0; number <= 500; number += 0x1p-11 * Math.max(1, Math.rint(number))) {
      long nearest = 0;
      for (long element = 1; element < elements; element++) {
        double distance = Math.abs(dtype.decode(element) - number);
        double best = Math.abs(dtype.decode(nearest) - number);
        if (distance < best || (distance == best && (element & 1) == 0)) {
          nearest = element;
        }
      }
      assertEquals(nearest, dtype.encode(number), "of " + number);
      assertEquals(-dtype.decode(nearest), dtype.round(-number));
    }
  }

  @Test
  void fp8HasOneNanAndFp4None() {
    assertTrue(Double.isNaN(DType.FP8.decode(0x7f)));
    assertTrue(Double.isNaN(DType.FP8.decode(0xff)));
    assertEquals(0x7f, DType.FP8.encode(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> DType.FP4.encode(Double.NaN));
    assertThrows(IllegalStateException.class, DType.FP4::bytes);
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

  @Property(tries = 20_000, seed = "7301")
  void f32IsWhatTheJavaLanguageRoundsTo(@ForAll("nastyDoubles") double number) {
    int expected = Float.floatToRawIntBits((float) number);
    if (Double.isNaN(number)) {
      assertTrue(Double.isNaN(DType.F32.round(number)));
    } else {
      assertEquals(expected, (int) DType.F32.encode(number));
      assertEquals((double) (float) number, DType.F32.round(number));
    }
  }

  @Property(seed = "7302")
  void bf16OfAFloatIsTheRoundingOfItsUpperHalf(@ForAll float number) {
    int bits = Float.floatToRawIntBits(number);
    int rounded = (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16;
    assertEquals(rounded, (int) DType.BF16.encode(number));
  }

  @Property(seed = "7303")
  void f64KeepsEveryBit(@ForAll long element) {
    assertEquals(
        Double.doubleToRawLongBits(Double.longBitsToDouble(element)),
        DType.F64.encode(DType.F64.decode(element)));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP4")
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
      assertEquals(0, dtype.encode(-1) >>> dtype.bits());
      assertEquals(0, dtype.encode(Double.NEGATIVE_INFINITY) >>> dtype.bits());
    }
    if (dtype != DType.FP4) {
      assertEquals(0, dtype.bits() < Long.SIZE ? dtype.encode(-Double.NaN) >>> dtype.bits() : 0);
      assertEquals(dtype.bits(), 8 * dtype.bytes());
    }
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
