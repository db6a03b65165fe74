package dev.helix.tensor.scalar;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.stream.Stream;

/**
 * Exponential and logarithm to about 60 significant digits, many times as fast as big-math's,
 * against which they are tested. They compute with integers that have {@value #BITS} bits behind
 * the point.
 *
 * <p><b>Error.</b> With u = 2<sup>−{@value #BITS}</sup>, a reduced argument is off by (2 + |n|)·u,
 * where n &lt; 2<sup>29</sup> is the power of ten that was taken off it. The series has at most 20
 * terms, each off by 3·u, and {@value #HALVINGS} squarings double its relative error each. All
 * together is less than 2<sup>31</sup>·u, which is 10<sup>−67</sup>.
 */
final class DecimalFunctions {
  private static final int BITS = 256;
  private static final int HALVINGS = 12;
  private static final BigInteger ONE = BigInteger.ONE.shiftLeft(BITS);

  private static final BigDecimal LN_10 =
      BigDecimalMath.log(BigDecimal.TEN, new MathContext(100, RoundingMode.HALF_EVEN));

  /** Powers of ten that are kept: the scale of most numbers of 50 digits is among them. */
  private static final BigInteger[] POWERS_OF_TEN =
      Stream.iterate(BigInteger.ONE, power -> power.multiply(BigInteger.TEN))
          .limit(150)
          .toArray(BigInteger[]::new);

  private static final BigInteger FIXED_LN_10 = fixed(LN_10);

  /** Digits behind the point of results, of which integers have one before it. */
  private static final int DIGITS = 70;

  private static final BigInteger POWER = powerOfTen(DIGITS);
  private static final MathContext WORKING = new MathContext(DIGITS, RoundingMode.HALF_EVEN);

  /** Arguments below 10 to this power change one in no digit that is kept. */
  private static final int NEGLIGIBLE = -DIGITS;

  /** Nearer to 1 than this, a logarithm has too few digits behind the point. */
  private static final BigDecimal NEAR = new BigDecimal("1e-3");

  private DecimalFunctions() {}

  /** e^x = 10^n·e^r with x = n·ln 10 + r, for |x| up to 10⁹. */
  static BigDecimal exp(BigDecimal x) {
    if (x.signum() == 0 || x.precision() - x.scale() < NEGLIGIBLE) {
      return BigDecimal.ONE.add(x, WORKING);
    }
    BigInteger fixed = fixed(x);
    int n = (int) Math.floor(x.doubleValue() / Math.log(10));
    // The quotient may be rounded to the next whole number: r is then just outside of [0, ln 10).
    BigInteger r = fixed.subtract(FIXED_LN_10.multiply(BigInteger.valueOf(n)));
    return decimal(exponential(r)).scaleByPowerOfTen(n);
  }

  /** The natural logarithm of a positive number. */
  static BigDecimal log(BigDecimal x) {
    int n = x.precision() - x.scale();
    // Not for others: what is far from 1 may have a million zeros before its first digit.
    BigDecimal beyondOne = n == 0 || n == 1 ? x.subtract(BigDecimal.ONE) : BigDecimal.TEN;
    if (beyondOne.abs().compareTo(NEAR) < 0) {
      return nearOne(beyondOne);
    }
    BigDecimal m = x.scaleByPowerOfTen(-n);
    return LN_10.multiply(BigDecimal.valueOf(n)).add(decimal(logarithm(m)));
  }

  /** ln m = y + ln(1 + d), where y is the logarithm of a double and d = m·e^−y − 1. */
  private static BigInteger logarithm(BigDecimal m) {
    BigInteger y = fixed(new BigDecimal(Math.log(m.doubleValue())));
    BigInteger d = times(fixed(m), exponential(y.negate())).subtract(ONE);
    // d is less than 2^−50, so that its sixth power is behind the last bit.
    BigInteger sum = BigInteger.ZERO;
    for (int power = 5; power >= 1; power--) {
      BigInteger coefficient = ONE.divide(BigInteger.valueOf(power));
      sum = times(d, power % 2 == 0 ? sum.subtract(coefficient) : sum.add(coefficient));
    }
    return y.add(sum);
  }

  /** ln(1 + d) = 2·(z + z³/3 + z⁵/5 + …) with z = d/(2 + d), all digits of which count. */
  private static BigDecimal nearOne(BigDecimal d) {
    if (d.signum() == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal z = d.divide(BigDecimal.valueOf(2).add(d), WORKING);
    BigDecimal square = z.multiply(z, WORKING);
    BigDecimal power = z;
    BigDecimal sum = z;
    int least = z.precision() - z.scale() - DIGITS;
    for (int n = 3; power.precision() - power.scale() > least; n += 2) {
      power = power.multiply(square, WORKING);
      sum = sum.add(power.divide(BigDecimal.valueOf(n), WORKING), WORKING);
    }
    return sum.multiply(BigDecimal.valueOf(2));
  }

  /** e^r = (e^(r/2^h))^(2^h) for |r| &lt; 2.4, by the series of the exponential. */
  private static BigInteger exponential(BigInteger r) {
    BigInteger small = r.shiftRight(HALVINGS);
    BigInteger term = ONE;
    BigInteger sum = ONE;
    for (int n = 1; term.bitLength() > 1; n++) {
      term = times(term, small).divide(BigInteger.valueOf(n));
      sum = sum.add(term);
    }
    for (int i = 0; i < HALVINGS; i++) {
      sum = times(sum, sum);
    }
    return sum;
  }

  private static BigInteger times(BigInteger a, BigInteger b) {
    return a.multiply(b).shiftRight(BITS);
  }

  private static BigInteger fixed(BigDecimal x) {
    BigInteger shifted = x.unscaledValue().shiftLeft(BITS);
    return x.scale() >= 0
        ? shifted.divide(powerOfTen(x.scale()))
        : shifted.multiply(powerOfTen(-x.scale()));
  }

  private static BigInteger powerOfTen(int n) {
    return n < POWERS_OF_TEN.length ? POWERS_OF_TEN[n] : BigInteger.TEN.pow(n);
  }

  private static BigDecimal decimal(BigInteger fixed) {
    return new BigDecimal(fixed.multiply(POWER).shiftRight(BITS), DIGITS);
  }
}
