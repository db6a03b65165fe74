package dev.helix.tensor.scalar;

import dev.helix.tensor.DType;
import java.nio.ByteBuffer;

/**
 * Arithmetic in a number format narrower than double: every result is rounded to it. A textbook
 * program in that format would get the same numbers. FlashAttention's tests judge a kernel by them:
 * they do not ask how wrong the kernel is, but how many times as wrong as the plain formula in the
 * same format.
 *
 * <p>Sums, products, quotients and roots are correctly rounded in the format. For a double has more
 * than twice the digits of F32, BF16 and F16, so that rounding twice does no harm (S. Figueroa,
 * "When is double rounding innocuous?", 1995). Exponentials and logarithms are those of {@link
 * StrictMath}, rounded. An overflow becomes an infinity.
 */
public final class RoundedArithmetic implements Arithmetic<Double> {
  private final DType format;

  /**
   * Creates the arithmetic of a format.
   *
   * @param format F32, BF16 or F16
   * @throws IllegalArgumentException if it is double, or a format without infinities
   */
  public RoundedArithmetic(DType format) {
    if (format != DType.F32 && format != DType.BF16 && format != DType.F16) {
      throw new IllegalArgumentException(
          "rounded arithmetic: expected f32, bf16 or f16, got " + format);
    }
    this.format = format;
  }

  /**
   * The number nearest to this value in the format: unlike other arithmetics, this one rounds here.
   */
  @Override
  public Double of(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("expected a finite number, got " + value);
    }
    return format.round(value);
  }

  @Override
  public Double zero() {
    return 0.0;
  }

  @Override
  public Double add(Double a, Double b) {
    return format.round(a + b);
  }

  @Override
  public Double subtract(Double a, Double b) {
    return format.round(a - b);
  }

  @Override
  public Double multiply(Double a, Double b) {
    return format.round(a * b);
  }

  @Override
  public Double divide(Double a, Double b) {
    return format.round(a / b);
  }

  @Override
  public Double negate(Double a) {
    return -a;
  }

  @Override
  public Double squareRoot(Double a) {
    return format.round(StrictMath.sqrt(a));
  }

  @Override
  public Double exp(Double a) {
    return format.round(StrictMath.exp(a));
  }

  @Override
  public Double log(Double a) {
    return format.round(StrictMath.log(a));
  }

  /** The hyperbolic tangent, computed without the exponential, which would cancel near 0. */
  @Override
  public Double tanh(Double a) {
    return format.round(StrictMath.tanh(a));
  }

  @Override
  public int compare(Double a, Double b) {
    return Double.compare(a, b);
  }

  @Override
  public double toDouble(Double a) {
    return a;
  }

  @Override
  public byte[] encode(Double a) {
    return ByteBuffer.allocate(Double.BYTES).putDouble(a).array();
  }

  @Override
  public Double decode(byte[] bytes) {
    if (bytes.length != Double.BYTES) {
      throw new IllegalArgumentException(
          "a double of %d bytes, expected %d".formatted(bytes.length, Double.BYTES));
    }
    return ByteBuffer.wrap(bytes).getDouble();
  }
}
