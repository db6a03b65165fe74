package dev.helix.laws.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** The functions that expected values rest on, against another library's. */
class FiftyDigitsTest {
  private static final MathContext MORE = new MathContext(60);

  @Property(tries = 100, seed = "1")
  void exponentialsAreThoseOfBigMath(@ForAll @DoubleRange(min = -3000, max = 700) double x) {
    BigDecimal expected = BigDecimalMath.exp(new BigDecimal(x), MORE);
    assertClose(expected, FiftyDigits.exp(new BigDecimal(x)), expected);
  }

  @Property(tries = 100, seed = "2")
  void logarithmsAreThoseOfBigMath(@ForAll @DoubleRange(min = 1, max = 1e6) double x) {
    BigDecimal expected = BigDecimalMath.log(new BigDecimal(x), MORE);
    assertClose(expected, FiftyDigits.log(new BigDecimal(x)), BigDecimal.ONE);
  }

  @Property(tries = 50, seed = "3")
  void hyperbolicTangentsAreThoseOfBigMath(@ForAll @DoubleRange(min = -60, max = 60) double x) {
    BigDecimal expected = BigDecimalMath.tanh(new BigDecimal(x), MORE);
    assertClose(expected, FiftyDigits.tanh(new BigDecimal(x)), BigDecimal.ONE);
  }

  /** As the platform rounds: halfway cases, what is next to them, subnormals and beyond. */
  @Property(tries = 1000, seed = "4")
  void theNearestDoubleIsThePlatforms(
      @ForAll @DoubleRange(min = -1e308, max = 1e308) double x,
      @ForAll @IntRange(min = -3, max = 3) int beside) {
    BigDecimal middle =
        new BigDecimal(x).add(new BigDecimal(Math.nextUp(x))).divide(BigDecimal.valueOf(2));
    BigDecimal tiny = middle.ulp().multiply(BigDecimal.valueOf(beside)).scaleByPowerOfTen(-30);
    for (BigDecimal given : List.of(middle, middle.add(tiny), middle.round(FiftyDigits.DIGITS))) {
      assertEquals(given.doubleValue(), FiftyDigits.doubleValue(given));
    }
  }

  private static void assertClose(BigDecimal expected, BigDecimal actual, BigDecimal size) {
    BigDecimal error = expected.subtract(actual).abs();
    assertTrue(
        error.compareTo(size.abs().multiply(new BigDecimal("1e-47"))) <= 0,
        () -> expected + " and " + actual);
  }
}
