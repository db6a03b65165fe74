package dev.helix.laws.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** The functions that expected values rest on, against another library's. */
class FiftyDigitsTest {
  private static final MathContext MORE = new MathContext(60);
  private static final MathContext ALL = new MathContext(1200);

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

  /** The smallest doubles have fewer digits, and their logarithms have as many as others. */
  @Property(tries = 100, seed = "5")
  void logarithmsOfSubnormalNumbersAreThoseOfBigMath(
      @ForAll @LongRange(min = 1, max = 1L << 52) long bits) {
    BigDecimal x = new BigDecimal(Double.longBitsToDouble(bits));
    assertClose(BigDecimalMath.log(x, MORE), FiftyDigits.log(x), BigDecimal.ONE);
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

  /** Quotients on both sides of a double and of the middle between two, and subnormal ones. */
  @Property(tries = 300, seed = "6")
  void theDoubleNearestToAQuotientIsThePlatforms(
      @ForAll @DoubleRange(min = -1, max = 1) double x,
      @ForAll @IntRange(min = -1060, max = 960) int exponent,
      @ForAll @IntRange(min = -1, max = 1) int beside) {
    BigDecimal middle = new BigDecimal(x).add(new BigDecimal(Math.nextUp(x)));
    BigDecimal given = beside == 0 ? new BigDecimal(x) : middle;
    BigInteger divisor = BigInteger.valueOf(3).pow(90).shiftLeft(Math.max(0, -exponent));
    BigInteger dividend =
        given
            .scaleByPowerOfTen(given.scale())
            .toBigIntegerExact()
            .multiply(divisor)
            .shiftLeft(Math.max(0, exponent))
            .add(BigInteger.valueOf(beside));
    BigInteger whole = BigInteger.TEN.pow(given.scale()).multiply(divisor);
    double expected = new BigDecimal(dividend).divide(new BigDecimal(whole), ALL).doubleValue();
    double got = FiftyDigits.nearest(dividend, whole);
    boolean subnormal = Math.abs(expected) <= Double.MIN_NORMAL && dividend.signum() != 0;
    assertTrue(subnormal ? Double.isNaN(got) || got == expected : got == expected, given::toString);
  }

  @Property(tries = 100, seed = "7")
  void theNearestMeanIsTheMeanRounded(
      @ForAll @Size(5) List<@DoubleRange(min = -60, max = 60) Double> scores,
      @ForAll @Size(5) List<@DoubleRange(min = -1e6, max = 1e6) Double> values) {
    SoftmaxWeights weights = SoftmaxWeights.of(scores.stream().map(BigDecimal::new).toList());
    double[] numbers = values.stream().mapToDouble(Double::doubleValue).toArray();
    assertEquals(weights.mean(numbers).doubleValue(), weights.nearestMean(numbers));
    double[] tiny = values.stream().mapToDouble(value -> value * 0x1p-1050).toArray();
    assertEquals(weights.mean(tiny).doubleValue(), weights.nearestMean(tiny));
  }

  private static void assertClose(BigDecimal expected, BigDecimal actual, BigDecimal size) {
    BigDecimal error = expected.subtract(actual).abs();
    assertTrue(
        error.compareTo(size.abs().multiply(new BigDecimal("1e-47"))) <= 0,
        () -> expected + " and " + actual);
  }
}
