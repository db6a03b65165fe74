package dev.helix.laws.reference;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.stream.Stream;

/**
 * The inner product of doubles without any rounding. Its terms are summed as integers times a power
 * of two, and only the sum becomes a decimal number, whose digits are several times as many as its
 * bits.
 */
public final class ExactDot {
  private static final BigInteger FIVE = BigInteger.valueOf(5);

  /** Powers that are kept; those of products of subnormal numbers are computed each time. */
  private static final BigInteger[] POWERS_OF_FIVE =
      Stream.iterate(BigInteger.ONE, power -> power.multiply(FIVE))
          .limit(400)
          .toArray(BigInteger[]::new);

  private ExactDot() {}

  /**
   * The sum of x[i]·y[i] over the indices from {@code first} on.
   *
   * @throws IllegalArgumentException if one of the numbers is NaN or infinite
   */
  public static BigDecimal of(double[] x, double[] y, int first) {
    BigInteger sum = BigInteger.ZERO;
    int unit = 0;
    for (int i = first; i < x.length; i++) {
      long a = digits(x[i]);
      long b = digits(y[i]);
      if (a == 0 || b == 0) {
        continue;
      }
      int exponent = exponent(x[i]) + exponent(y[i]);
      BigInteger term = product(a, b);
      if (sum.signum() == 0) {
        unit = exponent;
      } else if (exponent < unit) {
        sum = sum.shiftLeft(unit - exponent);
        unit = exponent;
      }
      sum = sum.add(term.shiftLeft(exponent - unit));
    }
    return unit >= 0
        ? new BigDecimal(sum.shiftLeft(unit))
        : new BigDecimal(sum.multiply(powerOfFive(-unit)), -unit);
  }

  private static BigInteger product(long a, long b) {
    return Math.multiplyHigh(a, b) == (a * b) >> 63
        ? BigInteger.valueOf(a * b)
        : BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
  }

  private static BigInteger powerOfFive(int n) {
    return n < POWERS_OF_FIVE.length ? POWERS_OF_FIVE[n] : FIVE.pow(n);
  }

  /** The odd integer that is x over a power of two; 0 for 0. */
  private static long digits(double x) {
    if (!Double.isFinite(x)) {
      throw new IllegalArgumentException("expected a finite number, got " + x);
    }
    long scaled = scaled(x);
    return x == 0 ? 0 : scaled >> Long.numberOfTrailingZeros(scaled);
  }

  /** The exponent of that power of two. */
  private static int exponent(double x) {
    return lastBit(x) + Long.numberOfTrailingZeros(scaled(x));
  }

  private static long scaled(double x) {
    return (long) Math.scalb(x, -lastBit(x));
  }

  /** The exponent of a double's last bit. */
  private static int lastBit(double x) {
    return Math.max(Math.getExponent(x), Double.MIN_EXPONENT) - 52;
  }
}
