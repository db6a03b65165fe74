package dev.helix.tensor.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.MathContext;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Against another library's functions: 63 significant digits, where 50 are promised. */
class DecimalFunctionsTest {
  private static final MathContext MORE = new MathContext(70);

  /** Its logarithms are exact in digits behind the point: next to 1 they begin with 49 zeros. */
  private static final MathContext MOST = new MathContext(130);

  /** An error below 10⁻⁶⁷, over a logarithm of at least 10⁻³; nearer to 1, of 70 digits. */
  private static final BigDecimal SHARE = new BigDecimal("1e-63");

  @Property(tries = 60, seed = "70")
  void exponentialsAreThoseOfBigMath(
      @ForAll @DoubleRange(min = -3000, max = 3000) double x,
      @ForAll @IntRange(min = -70, max = 5) int power) {
    assertExponential(new BigDecimal(x));
    assertExponential(new BigDecimal(x).scaleByPowerOfTen(power));
  }

  @Property(tries = 60, seed = "71")
  void logarithmsAreThoseOfBigMath(
      @ForAll @DoubleRange(min = 0.1, max = 1) double x,
      @ForAll @IntRange(min = -400, max = 400) int power) {
    assertLogarithm(new BigDecimal(x).scaleByPowerOfTen(power));
  }

  /** All digits of a logarithm count, however near to 1 its argument is. */
  @Property(tries = 60, seed = "72")
  void soAreThoseOfNumbersNextToOne(
      @ForAll @DoubleRange(min = -1, max = 1) double x,
      @ForAll @IntRange(min = 1, max = 49) int power) {
    assertLogarithm(BigDecimal.ONE.add(new BigDecimal(x).scaleByPowerOfTen(-power)));
  }

  @Example
  void multiplesOfTheLogarithmOfTenAndTheirNeighbours() {
    BigDecimal ln10 = BigDecimalMath.log(BigDecimal.TEN, MORE);
    for (int n = -3; n <= 3; n++) {
      BigDecimal whole = ln10.multiply(BigDecimal.valueOf(n)).round(new MathContext(50));
      assertExponential(whole);
      assertExponential(whole.add(new BigDecimal("1e-49")));
      assertExponential(whole.subtract(new BigDecimal("1e-49")));
      assertLogarithm(BigDecimal.ONE.scaleByPowerOfTen(n));
    }
  }

  @Example
  void theEndsOfTheRange() {
    assertEquals(BigDecimal.ONE, DecimalFunctions.exp(BigDecimal.ZERO));
    assertEquals(BigDecimal.ZERO, DecimalFunctions.log(BigDecimal.ONE));
    for (String end : new String[] {"1e9", "-1e9", "-1e-69", "1e-70", "1e-71"}) {
      BigDecimal x = new BigDecimal(end);
      BigDecimal undone = DecimalFunctions.log(DecimalFunctions.exp(x));
      BigDecimal error = undone.subtract(x).abs();
      BigDecimal size = x.abs().max(BigDecimal.ONE);
      assertTrue(error.compareTo(size.multiply(SHARE)) <= 0, end + ": " + undone);
    }
    assertThrows(ArithmeticException.class, () -> new DecimalArithmetic().log(BigDecimal.ZERO));
  }

  private static void assertExponential(BigDecimal x) {
    assertNear(BigDecimalMath.exp(x, MORE), DecimalFunctions.exp(x));
  }

  private static void assertLogarithm(BigDecimal x) {
    assertNear(BigDecimalMath.log(x, MOST), DecimalFunctions.log(x));
  }

  private static void assertNear(BigDecimal expected, BigDecimal actual) {
    BigDecimal error = expected.subtract(actual).abs();
    assertTrue(
        error.compareTo(expected.abs().multiply(SHARE)) <= 0, () -> expected + " and " + actual);
  }
}
