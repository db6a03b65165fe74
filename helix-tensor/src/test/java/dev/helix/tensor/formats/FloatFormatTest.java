package dev.helix.tensor.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every code of each format against tables and rules that know nothing of the code. */
final class FloatFormatTest {
  @ParameterizedTest
  @EnumSource(names = {"E2M1", "E4M3", "E5M2"})
  void everyCodeStandsForTheNumberOfTheTable(FloatFormat format) {
    double[] table = CodeTable.of(format.toString());
    assertEquals(1 << format.bits(), table.length);
    for (int code = 0; code < table.length; code++) {
      assertEquals(table[code], format.decode(code), "code " + code);
      // What stands above the bits of a code, such as a byte's sign, is not looked at.
      assertEquals(table[code], format.decode(code | -1L << format.bits()));
      if (Double.isFinite(table[code])) {
        assertEquals(code, format.encode(table[code]), "of " + table[code]);
      }
    }
  }

  /** What is decided between two neighbours is decided at their midpoint and beside it. */
  @ParameterizedTest
  @EnumSource(names = {"E2M1", "E4M3", "E5M2"})
  void theNearerNeighbourIsTakenAndOfTwoTheEven(FloatFormat format) {
    double[] table = CodeTable.magnitudes(format.toString());
    long sign = 1L << (format.bits() - 1);
    for (int below = 0; below + 1 < table.length; below++) {
      double middle = (table[below] + table[below + 1]) / 2;
      int even = below % 2 == 0 ? below : below + 1;
      assertEquals(below, format.encode(Math.nextDown(middle)));
      assertEquals(even, format.encode(middle));
      assertEquals(below + 1, format.encode(Math.nextUp(middle)));
      assertEquals(sign | even, format.encode(-middle));
      assertEquals(sign | below, format.encode(-Math.nextDown(middle)));
      assertEquals(sign | below + 1, format.encode(-Math.nextUp(middle)));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"E2M1", "E4M3", "E5M2"})
  void aScaleIsRoundedUpAndNeverBeyondTheLargest(FloatFormat format) {
    double[] table = CodeTable.magnitudes(format.toString());
    int last = table.length - 1;
    for (int code = 0; code < last; code++) {
      assertEquals(code, format.encodeUp(table[code]));
      assertEquals(code + 1, format.encodeUp(Math.nextUp(table[code])));
      assertEquals(code + 1, format.encodeUp(Math.nextDown(table[code + 1])));
    }
    for (double large : new double[] {table[last], 1e300, Double.POSITIVE_INFINITY}) {
      assertEquals(last, format.encodeUp(large));
    }
    assertEquals(0, format.encodeUp(-0.0));
    assertThrows(IllegalArgumentException.class, () -> format.encodeUp(-1));
    assertThrows(IllegalArgumentException.class, () -> format.encodeUp(Double.NaN));
  }

  @ParameterizedTest
  @CsvSource({
    "E4M3, 448, 7e", // the largest
    "E4M3, 464, 7e", // halfway to what would be 480
    "E4M3, 465, 7e",
    "E4M3, -Infinity, fe",
    "E5M2, 57344, 7b", // the largest
    "E5M2, 61440, 7b", // halfway to what would be 65536
    "E5M2, Infinity, 7b",
    "E5M2, -1e300, fb",
    "E2M1, 7, 7",
    "E2M1, Infinity, 7",
    "E2M1, -6.5, f",
    "BF16, 0x1.ffp127, 7f80",
    "F16, 65520, 7c00",
    "F16, 65519, 7bff",
    "F32, 1e39, 7f800000",
  })
  void whatIsTooLargeSaturatesInTheNarrowFormatsAndIsInfiniteInTheOthers(
      FloatFormat format, double number, String code) {
    assertEquals(Long.parseLong(code, 16), format.encode(number));
  }

  @ParameterizedTest
  @CsvSource({"E4M3, 448, 7e", "E5M2, 57344, 7b", "E2M1, 6, 7", "F16, 65504, 7bff"})
  void theLargestNumberIsThatOfTheDefinition(FloatFormat format, double number, String code) {
    assertEquals(number, format.largest());
    assertEquals(Long.parseLong(code, 16), format.largestCode());
  }

  @Test
  void nanStaysNanWithItsSignAndE2m1HasNone() {
    double negative = Double.longBitsToDouble(0xfff8000000000000L);
    assertEquals(0x7f, FloatFormat.E4M3.encode(Double.NaN));
    assertEquals(0xff, FloatFormat.E4M3.encode(negative));
    assertEquals(0x7e, FloatFormat.E5M2.encode(Double.NaN));
    assertEquals(0xfe, FloatFormat.E5M2.encode(negative));
    IllegalArgumentException none =
        assertThrows(IllegalArgumentException.class, () -> FloatFormat.E2M1.encode(Double.NaN));
    assertEquals("e2m1 has no NaN", none.getMessage());
  }

  @Test
  void bf16IsTheUpperHalfOfAFloatAndF16TheFormulaOfIeee754() {
    for (int code = 0; code < 1 << 16; code++) {
      assertEquals((double) Float.intBitsToFloat(code << 16), FloatFormat.BF16.decode(code));
      int exponent = code >> 10 & 31;
      double fraction = (code & 1023) / 1024.0;
      double magnitude =
          exponent == 0
              ? fraction * 0x1p-14
              : exponent == 31
                  ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                  : (1 + fraction) * Math.pow(2, exponent - 15);
      assertEquals(code < 1 << 15 ? magnitude : -magnitude, FloatFormat.F16.decode(code));
    }
  }

  @Test
  void pyTorchAndMlDtypesGiveTheSameCodes() {
    List<String[]> answers = CodeTable.lines("known-answers.txt");
    assertTrue(answers.size() > 5_000);
    for (String[] answer : answers) {
      FloatFormat format = FloatFormat.valueOf(answer[0].toUpperCase(Locale.ROOT));
      float number = Float.intBitsToFloat(Integer.parseUnsignedInt(answer[1], 16));
      assertEquals(
          Long.parseLong(answer[2], 16), format.encode(number), () -> String.join(" ", answer));
    }
  }

  @Test
  void e8m0IsAPowerOfTwoAndIsRoundedUp() {
    double[] table = CodeTable.of("e8m0");
    for (int code = 0; code < 256; code++) {
      assertEquals(table[code], E8m0.decode(code));
      assertEquals(table[code], E8m0.decode((byte) code));
    }
    for (int code = 0; code < E8m0.NAN - 1; code++) {
      assertEquals(code, E8m0.encodeUp(table[code]));
      assertEquals(code + 1, E8m0.encodeUp(Math.nextUp(table[code])));
      assertEquals(code + 1, E8m0.encodeUp(Math.nextDown(table[code + 1])));
    }
    assertEquals(0, E8m0.encodeUp(0));
    assertEquals(0, E8m0.encodeUp(Double.MIN_VALUE));
    assertEquals(E8m0.NAN - 1, E8m0.encodeUp(0x1.8p127));
    assertEquals(E8m0.NAN - 1, E8m0.encodeUp(Double.POSITIVE_INFINITY));
    assertThrows(IllegalArgumentException.class, () -> E8m0.encodeUp(-0x1p-3));
    assertThrows(IllegalArgumentException.class, () -> E8m0.encodeUp(Double.NaN));
  }
}
