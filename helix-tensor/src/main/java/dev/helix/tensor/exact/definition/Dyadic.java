package dev.helix.tensor.exact.definition;

import java.math.BigInteger;

/**
 * The exact number significand·2^exponent. Every double is one, and so are sums and products of
 * them. This class is plain and slow: integers of any length do the work.
 */
public record Dyadic(BigInteger significand, int exponent) {
  public static final Dyadic ZERO = new Dyadic(BigInteger.ZERO, 0);

  private static final BigInteger TWO_TO_53 = BigInteger.ONE.shiftLeft(53);

  /** The bits of a double behind its leading one. */
  private static final long FRACTION = (1L << 52) - 1;

  /** The exponent of the smallest subnormal double. */
  private static final int LEAST_EXPONENT = -1074;

  /**
   * The number that a double stands for.
   *
   * @throws ArithmeticException if it is NaN or infinite
   */
  public static Dyadic of(double x) {
    if (!Double.isFinite(x)) {
      throw new ArithmeticException("expected a finite number, got " + x);
    }
    // A double is a multiple of 2^(its exponent − 52); its bits have that multiple, but for the
    // leading one of a number that is not subnormal.
    int exponent = Math.max(Math.getExponent(x), Double.MIN_EXPONENT) - 52;
    long fraction = Double.doubleToRawLongBits(x) & FRACTION;
    long significand = Math.abs(x) < Double.MIN_NORMAL ? fraction : fraction + FRACTION + 1;
    return new Dyadic(BigInteger.valueOf(x < 0 ? -significand : significand), exponent);
  }

  public Dyadic plus(Dyadic other) {
    if (other.exponent < exponent) {
      return other.plus(this);
    }
    BigInteger aligned = other.significand.shiftLeft(other.exponent - exponent);
    return new Dyadic(significand.add(aligned), exponent);
  }

  public Dyadic times(Dyadic other) {
    return new Dyadic(
        significand.multiply(other.significand), Math.addExact(exponent, other.exponent));
  }

  public Dyadic timesPowerOfTwo(int power) {
    return new Dyadic(significand, Math.addExact(exponent, power));
  }

  /**
   * The nearest double; of two equally near, the one with an even last bit. Zero gives +0.0. A
   * number that is not zero but rounds to zero keeps its sign.
   *
   * @throws ArithmeticException if the nearest double is infinite
   */
  public double nearest() {
    return nearest(significand, BigInteger.ONE, exponent);
  }

  /**
   * The double nearest to this number divided by {@code divisor}, rounded as {@link #nearest} does.
   *
   * @throws ArithmeticException if the divisor is not positive, or the nearest double is infinite
   */
  public double nearestQuotient(Dyadic divisor) {
    if (divisor.significand.signum() <= 0) {
      throw new ArithmeticException("expected a positive divisor, got " + divisor);
    }
    return nearest(significand, divisor.significand, exponent - divisor.exponent);
  }

  /** Rounds n/d·2^e to the nearest double. */
  private static double nearest(BigInteger n, BigInteger d, int e) {
    if (n.signum() == 0) {
      return 0.0;
    }
    // In units of 2^unit the magnitude shall have 53 bits, or fewer if it is subnormal. The
    // difference of the bit lengths may be one too many.
    int unit = Math.max(n.bitLength() - d.bitLength() + e - 53, LEAST_EXPONENT);
    BigInteger[] parts = inUnits(n.abs(), d, e - unit);
    if (parts[0].compareTo(TWO_TO_53) >= 0) {
      unit++;
      parts = inUnits(n.abs(), d, e - unit);
    }
    BigInteger whole = parts[0];
    BigInteger rest = parts[1];
    BigInteger divisor = parts[2];
    int half = rest.shiftLeft(1).compareTo(divisor);
    if (half > 0 || (half == 0 && whole.testBit(0))) {
      whole = whole.add(BigInteger.ONE);
    }
    double magnitude = Math.scalb((double) whole.longValueExact(), unit);
    if (Double.isInfinite(magnitude)) {
      throw new ArithmeticException("the nearest double is infinite");
    }
    return n.signum() < 0 ? -magnitude : magnitude;
  }

  /**
   * Divides n·2^shift by d: the quotient, the remainder, and the divisor that the remainder belongs
   * to.
   */
  private static BigInteger[] inUnits(BigInteger n, BigInteger d, int shift) {
    BigInteger dividend = shift > 0 ? n.shiftLeft(shift) : n;
    BigInteger divisor = shift < 0 ? d.shiftLeft(-shift) : d;
    BigInteger[] parts = dividend.divideAndRemainder(divisor);
    return new BigInteger[] {parts[0], parts[1], divisor};
  }
}
