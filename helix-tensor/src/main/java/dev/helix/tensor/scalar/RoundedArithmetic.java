package dev.helix.tensor.scalar;

import dev.helix.tensor.DType;

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
public final class RoundedArithmetic extends DoubleArithmetic {
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
    return format.round(super.of(value));
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
}
