package dev.helix.tensor.exact;

import java.math.BigInteger;

/**
 * Rounds an exact sum, or the quotient of two, once, to the nearest double.
 *
 * <p>Nearly always the leading digits decide. They are read as a pair of doubles, and if an error
 * of 2⁻⁸⁸ either way would round to the same double, that is the answer (Ziv's test). Otherwise,
 * and outside of the normal exponents, integers of any length decide.
 */
final class ExactRounding {
  /** More than the error of a {@link Leading} pair (2⁻⁹²), and of the quotient of two (2⁻⁹⁰). */
  private static final double UNCERTAINTY = 0x1p-88;

  /**
   * Between minus this exponent and this one, scaling by a power of two is exact and cannot
   * overflow.
   */
  private static final int SAFE_EXPONENT = 1000;

  private ExactRounding() {}

  /** The sum at {@code index} of carried accumulators, divided by 2^divisor. */
  static double nearest(ExactSums sums, int index, int divisor) {
    Leading leading = Leading.of(sums, index);
    if (leading.high == 0) {
      return 0.0;
    }
    double slack = Math.abs(leading.high) * UNCERTAINTY;
    double result = leading.high + (leading.low + slack);
    int exponent = leading.exponent - divisor;
    if (result == leading.high + (leading.low - slack) && isSafe(result, exponent)) {
      return scaled(result, exponent);
    }
    long unit = (long) sums.lowestPlace() * ExactSums.DIGIT_BITS;
    return nearest(sums.significand(index), BigInteger.ONE, unit - divisor);
  }

  /** The quotient of two sums of carried accumulators. */
  static double quotient(ExactSums sums, int index, ExactSums divisors, int divisorIndex) {
    Leading dividend = Leading.of(sums, index);
    Leading divisor = Leading.of(divisors, divisorIndex);
    if (!(divisor.high > 0)) {
      throw new IllegalArgumentException("a divisor is not positive: " + divisor.high);
    }
    if (dividend.high == 0) {
      return 0.0;
    }
    double first = dividend.high / divisor.high;
    double remainder = Math.fma(-first, divisor.high, dividend.high);
    double rest = (remainder + (dividend.low - first * divisor.low)) / divisor.high;
    double slack = Math.abs(first) * UNCERTAINTY;
    double result = first + (rest + slack);
    int exponent = dividend.exponent - divisor.exponent;
    if (result == first + (rest - slack) && isSafe(result, exponent)) {
      return scaled(result, exponent);
    }
    long unit = (long) (sums.lowestPlace() - divisors.lowestPlace()) * ExactSums.DIGIT_BITS;
    return nearest(sums.significand(index), divisors.significand(divisorIndex), unit);
  }

  private static boolean isSafe(double significand, int exponent) {
    return Math.abs(Math.getExponent(significand) + (long) exponent) <= SAFE_EXPONENT;
  }

  private static double scaled(double significand, int exponent) {
    return Math.scalb(significand, exponent);
  }

  /**
   * The double nearest to dividend / divisor · 2^exponent; ties go to even.
   *
   * @param dividend not 0
   * @param divisor greater than 0
   */
  static double nearest(BigInteger dividend, BigInteger divisor, long exponent) {
    BigInteger magnitude = dividend.abs();
    // 2^(top−1) < |value| < 2^(top+1)
    long top = magnitude.bitLength() - divisor.bitLength() + exponent;
    if (top > Double.MAX_EXPONENT + 1) {
      throw overflow(top);
    }
    long bound = top - exponent;
    boolean atLeastTop =
        bound >= 0
            ? magnitude.compareTo(divisor.shiftLeft(Math.toIntExact(bound))) >= 0
            : magnitude.shiftLeft(Math.toIntExact(-bound)).compareTo(divisor) >= 0;
    // The result is a multiple of 2^unit: 53 bits, or fewer where only subnormals are left.
    long unit = Math.max((atLeastTop ? top : top - 1) - 52, Double.MIN_EXPONENT - 52);
    if (top < unit - 1) {
      return dividend.signum() < 0 ? -0.0 : 0.0;
    }
    int shift = Math.toIntExact(exponent - unit);
    BigInteger scaledDivisor = shift < 0 ? divisor.shiftLeft(-shift) : divisor;
    BigInteger[] parts =
        (shift > 0 ? magnitude.shiftLeft(shift) : magnitude).divideAndRemainder(scaledDivisor);
    long quotient = parts[0].longValueExact();
    int half = parts[1].shiftLeft(1).compareTo(scaledDivisor);
    if (half > 0 || (half == 0 && (quotient & 1) == 1)) {
      quotient++;
    }
    double result = Math.scalb((double) quotient, Math.toIntExact(unit));
    if (Double.isInfinite(result)) {
      throw overflow(top);
    }
    return dividend.signum() < 0 ? -result : result;
  }

  private static ExactRangeException overflow(long exponent) {
    return new ExactRangeException(
        "an exact sum of about 2^%d rounds to no finite double".formatted(exponent));
  }

  /**
   * The leading four digits of a sum as (high + low)·2^exponent with |low| ≤ ulp(high)/2.
   *
   * <p>The relative error is at most 2⁻⁹². For the first digit is not 0 and the second at least
   * −2³⁹, so that {@code high} is at least 2⁷⁹ units of the third. The digits left out are below
   * 2⁻⁴¹ of that unit. Two additions round. One does so below 2⁻¹⁵ of that unit. The other rounds
   * only where the first two digits need more than 53 bits, by 2⁻¹⁰⁶ of {@code high}.
   */
  private static final class Leading {
    final double high;
    final double low;
    final int exponent;

    private Leading(double high, double low, int exponent) {
      this.high = high;
      this.low = low;
      this.exponent = exponent;
    }

    static Leading of(ExactSums sums, int index) {
      int place = sums.endPlace() - 1;
      while (place >= sums.lowestPlace() && sums.digit(place, index) == 0) {
        place--;
      }
      if (place < sums.lowestPlace()) {
        return new Leading(0, 0, 0);
      }
      double upper = sums.digit(place, index) * 0x1p40;
      double second = sums.digit(place - 1, index);
      double a = upper + second;
      double aRest = second - (a - upper);
      double b = sums.digit(place - 2, index) + sums.digit(place - 3, index) * 0x1p-40;
      double top = a * 0x1p40;
      double below = aRest * 0x1p40 + b;
      double high = top + below;
      return new Leading(high, below - (high - top), (place - 2) * ExactSums.DIGIT_BITS);
    }
  }
}
