package dev.helix.tensor;

import java.util.Locale;

/**
 * The precisions that models are deployed in, and their rounding: binary floating point of IEEE 754
 * (BF16 in the same manner, with the exponents of F32).
 */
public enum DType {
  F64(64, 52),
  F32(32, 23),
  BF16(16, 7),
  F16(16, 10);

  private static final long F64_FRACTION = (1L << 52) - 1;

  private final int bits;
  private final int fractionBits;

  DType(int bits, int fractionBits) {
    this.bits = bits;
    this.fractionBits = fractionBits;
  }

  /** Width of one element. */
  public int bits() {
    return bits;
  }

  /** Width of one element in bytes. */
  public int bytes() {
    return bits / Byte.SIZE;
  }

  /**
   * The number of this precision that is nearest to {@code value}; of two equally near the one
   * whose last bit is 0. Rounded once, directly: {@code (float) value} on the way to BF16 would
   * round twice. Subnormal numbers and the sign of zero are kept; what is too large becomes an
   * infinity.
   */
  public double round(double value) {
    return decode(encode(value));
  }

  /**
   * The stored bits of {@link #round round}{@code (value)}, in the low {@link #bits()} bits, the
   * others 0. A NaN stays a NaN: quiet, with the sign and as much of the payload as fits, except in
   * F64, where every bit is kept.
   */
  public long encode(double value) {
    long source = Double.doubleToRawLongBits(value);
    if (this == F64) {
      return source;
    }
    long sign = source >>> 63 << (bits - 1);
    if (Double.isNaN(value)) {
      long payload = (source & F64_FRACTION) >>> (52 - fractionBits);
      return sign | infinity() | 1L << (fractionBits - 1) | payload;
    }
    return sign | Math.min(infinity(), nearestMagnitude(source));
  }

  /** The number that the low {@link #bits()} bits of {@code element} stand for, exactly. */
  public double decode(long element) {
    if (this == F64) {
      return Double.longBitsToDouble(element);
    }
    long sign = element >>> (bits - 1) & 1;
    long exponent = element >>> fractionBits & exponentMask();
    long fraction = element & ((1L << fractionBits) - 1);
    if (exponent == 0) {
      double magnitude = Math.scalb((double) fraction, minExponent() - fractionBits);
      return sign == 0 ? magnitude : -magnitude;
    }
    long widened =
        exponent == exponentMask() ? 0x7ff : exponent - 1 + minExponent() + Double.MAX_EXPONENT;
    return Double.longBitsToDouble(sign << 63 | widened << 52 | fraction << (52 - fractionBits));
  }

  /**
   * Exponent and fraction of the nearest magnitude, as one integer: a carry out of the fraction
   * raises the exponent by itself, from the largest subnormal to the smallest normal number too. At
   * or above {@link #infinity()} if the number is too large.
   */
  private long nearestMagnitude(long source) {
    int exponent = (int) (source >>> 52 & 0x7ff) - Double.MAX_EXPONENT;
    // At the same scale from the smallest normal number down, so that subnormals lose more bits.
    int scale = Math.max(exponent, minExponent());
    int dropped = 52 - fractionBits + (scale - exponent);
    if (dropped > 53) {
      return 0; // Less than half the smallest subnormal; every subnormal double is.
    }
    long significand = (source & F64_FRACTION) | 1L << 52;
    long kept = significand >>> dropped;
    long rest = significand - (kept << dropped);
    long half = 1L << (dropped - 1);
    if (rest > half || (rest == half && (kept & 1) == 1)) {
      kept++;
    }
    return ((long) (scale - minExponent()) << fractionBits) + kept;
  }

  private long infinity() {
    return exponentMask() << fractionBits;
  }

  private long exponentMask() {
    return (1L << (bits - 1 - fractionBits)) - 1;
  }

  /** The exponent of the smallest normal number. */
  private int minExponent() {
    return 1 - (int) (exponentMask() / 2);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
