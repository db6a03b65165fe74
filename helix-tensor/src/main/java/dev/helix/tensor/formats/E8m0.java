package dev.helix.tensor.formats;

/**
 * The scale of the microscaling formats: 2 to the power of an 8-bit exponent without a sign, biased
 * by 127, and one NaN (OCP Microscaling Formats Specification 1.0, §5.4.1). It is not a {@link
 * FloatFormat}, as it has neither zero nor sign nor fraction.
 */
public final class E8m0 {
  /** The code of NaN. */
  public static final int NAN = 0xff;

  private static final int BIAS = 127;

  private E8m0() {}

  /** The power of two from 2⁻¹²⁷ to 2¹²⁷ that the low 8 bits stand for, or NaN. */
  public static double decode(int code) {
    int exponent = code & 0xff;
    return exponent == NAN ? Double.NaN : Math.scalb(1.0, exponent - BIAS);
  }

  /**
   * The code of the smallest power of two that is not below {@code value}, or of 2¹²⁷ if {@code
   * value} is above it.
   *
   * @throws IllegalArgumentException if {@code value} is negative or a NaN
   */
  public static int encodeUp(double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException("expected a scale of at least 0, got " + value);
    }
    int exponent = Math.getExponent(value);
    boolean power = Math.scalb(1.0, exponent) == value;
    return Math.max(0, Math.min(NAN - 1, BIAS + exponent + (power ? 0 : 1)));
  }
}
