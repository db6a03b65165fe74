package dev.helix.tensor.scalar;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;

/**
 * Arithmetic in decimal numbers of 50 significant digits, against which the other arithmetics are
 * judged. Operations are correctly rounded, except that exponentials and logarithms may be wrong in
 * the last digits. The unit roundoff, 5·10<sup>−50</sup>, is 10<sup>33</sup> times smaller than
 * that of a double, so that an error report against this arithmetic shows the error of the other
 * one alone.
 *
 * <p>Exponents are not limited as those of doubles are: exp(−10000) is a number like any other, and
 * nothing overflows to an infinity.
 */
public final class DecimalArithmetic implements Arithmetic<BigDecimal> {
  /** Significant decimal digits of every result. */
  public static final int DIGITS = 50;

  private static final MathContext CONTEXT = new MathContext(DIGITS, RoundingMode.HALF_EVEN);

  /** Above this exponent x, e^x leaves the range of {@link BigDecimal}. */
  private static final BigDecimal LARGEST_EXPONENT = BigDecimal.valueOf(1_000_000_000);

  @Override
  public BigDecimal of(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("expected a finite number, got " + value);
    }
    return new BigDecimal(value);
  }

  @Override
  public BigDecimal zero() {
    return BigDecimal.ZERO;
  }

  @Override
  public BigDecimal add(BigDecimal a, BigDecimal b) {
    return a.add(b, CONTEXT);
  }

  @Override
  public BigDecimal subtract(BigDecimal a, BigDecimal b) {
    return a.subtract(b, CONTEXT);
  }

  @Override
  public BigDecimal multiply(BigDecimal a, BigDecimal b) {
    return a.multiply(b, CONTEXT);
  }

  @Override
  public BigDecimal divide(BigDecimal a, BigDecimal b) {
    return a.divide(b, CONTEXT);
  }

  @Override
  public BigDecimal negate(BigDecimal a) {
    return a.negate();
  }

  @Override
  public BigDecimal squareRoot(BigDecimal a) {
    return a.sqrt(CONTEXT);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ArithmeticException if |a| exceeds 10⁹
   */
  @Override
  public BigDecimal exp(BigDecimal a) {
    if (a.abs().compareTo(LARGEST_EXPONENT) > 0) {
      throw new ArithmeticException(
          "exp(%s): expected an exponent of at most 1e9".formatted(a.doubleValue()));
    }
    return DecimalFunctions.exp(a).round(CONTEXT);
  }

  @Override
  public BigDecimal log(BigDecimal a) {
    if (a.signum() <= 0) {
      throw new ArithmeticException("log(%s): expected a positive number".formatted(a));
    }
    return DecimalFunctions.log(a).round(CONTEXT);
  }

  @Override
  public int compare(BigDecimal a, BigDecimal b) {
    return a.compareTo(b);
  }

  @Override
  public double toDouble(BigDecimal a) {
    return a.doubleValue();
  }

  /** The power of ten (4 bytes, big-endian), then the digits as a two's complement integer. */
  @Override
  public byte[] encode(BigDecimal a) {
    byte[] digits = a.unscaledValue().toByteArray();
    return ByteBuffer.allocate(Integer.BYTES + digits.length).putInt(a.scale()).put(digits).array();
  }

  @Override
  public BigDecimal decode(byte[] bytes) {
    if (bytes.length <= Integer.BYTES) {
      throw new IllegalArgumentException(
          "a decimal of %d bytes, expected more than %d".formatted(bytes.length, Integer.BYTES));
    }
    int scale = ByteBuffer.wrap(bytes).getInt();
    BigInteger digits = new BigInteger(bytes, Integer.BYTES, bytes.length - Integer.BYTES);
    return new BigDecimal(digits, scale);
  }
}
