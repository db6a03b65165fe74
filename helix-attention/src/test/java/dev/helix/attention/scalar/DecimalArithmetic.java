package dev.helix.attention.scalar;

import dev.helix.tensor.scalar.Arithmetic;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.ByteBuffer;

/**
 * 50 digits without infinities, in bytes of any length: what the seam is made for. Exponentials and
 * logarithms are those of doubles, which is enough to see that the kernels run on it.
 */
final class DecimalArithmetic implements Arithmetic<BigDecimal> {
  private static final MathContext DIGITS = new MathContext(50);

  @Override
  public BigDecimal of(double value) {
    return new BigDecimal(value);
  }

  @Override
  public BigDecimal zero() {
    return BigDecimal.ZERO;
  }

  @Override
  public BigDecimal add(BigDecimal a, BigDecimal b) {
    return a.add(b, DIGITS);
  }

  @Override
  public BigDecimal subtract(BigDecimal a, BigDecimal b) {
    return a.subtract(b, DIGITS);
  }

  @Override
  public BigDecimal multiply(BigDecimal a, BigDecimal b) {
    return a.multiply(b, DIGITS);
  }

  @Override
  public BigDecimal divide(BigDecimal a, BigDecimal b) {
    return a.divide(b, DIGITS);
  }

  @Override
  public BigDecimal negate(BigDecimal a) {
    return a.negate();
  }

  @Override
  public BigDecimal squareRoot(BigDecimal a) {
    return a.sqrt(DIGITS);
  }

  @Override
  public BigDecimal exp(BigDecimal a) {
    return of(StrictMath.exp(a.doubleValue()));
  }

  @Override
  public BigDecimal log(BigDecimal a) {
    return of(StrictMath.log(a.doubleValue()));
  }

  @Override
  public int compare(BigDecimal a, BigDecimal b) {
    return a.compareTo(b);
  }

  @Override
  public double toDouble(BigDecimal a) {
    return a.doubleValue();
  }

  @Override
  public byte[] encode(BigDecimal a) {
    byte[] digits = a.unscaledValue().toByteArray();
    return ByteBuffer.allocate(Integer.BYTES + digits.length).putInt(a.scale()).put(digits).array();
  }

  @Override
  public BigDecimal decode(byte[] bytes) {
    int scale = ByteBuffer.wrap(bytes).getInt();
    BigInteger digits = new BigInteger(bytes, Integer.BYTES, bytes.length - Integer.BYTES);
    return new BigDecimal(digits, scale);
  }
}
