package dev.helix.tensor.formats;

import java.util.Locale;

/**
 * A binary floating-point format: a sign, an exponent and a fraction. The formats are those of IEEE
 * 754 (F64, F32, F16), BF16, and the narrow formats of the Open Compute Project (OCP).
 */
public enum FloatFormat {
  F64(11, 52, Specials.INFINITIES),
  F32(8, 23, Specials.INFINITIES),
  BF16(8, 7, Specials.INFINITIES),
  F16(5, 10, Specials.INFINITIES),
  /**
   * E5M2: numbers up to 57344, with infinities and NaNs (OCP 8-bit Floating Point Specification
   * 1.0, §5). Numbers that are too large, infinities included, saturate, as in the specification's
   * saturating mode.
   */
  E5M2(5, 2, Specials.SATURATED_INFINITIES),
  /**
   * E4M3: numbers up to 448, with one NaN of each sign and no infinities (the same specification,
   * §5).
   */
  E4M3(4, 3, Specials.NAN_ALONE),
  /**
   * E2M1: 0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives (OCP Microscaling Formats Specification
   * 1.0, §5.3.3).
   */
  E2M1(2, 1, Specials.NONE);

  private static final long F64_FRACTION = (1L << 52) - 1;

  private final int bits;
  private final int fractionBits;
  private final Specials specials;
  private final long largestCode;

  FloatFormat(int exponentBits, int fractionBits, Specials specials) {
    this.bits = 1 + exponentBits + fractionBits;
    this.fractionBits = fractionBits;
    this.specials = specials;
    this.largestCode =
        switch (specials) {
          case INFINITIES, SATURATED_INFINITIES -> infinity() - 1;
          case NAN_ALONE -> (1L << (bits - 1)) - 2;
          case NONE -> (1L << (bits - 1)) - 1;
        };
  }

  /** Which codes stand for no finite number, and what becomes of numbers that are too large. */
  private enum Specials {
    /**
     * The largest exponent is kept for infinities and NaNs, and large numbers become infinities.
     */
    INFINITIES,
    /**
     * The largest exponent is kept for infinities and NaNs, but large numbers become the largest
     * finite number.
     */
    SATURATED_INFINITIES,
    /** Only the largest code is a NaN. */
    NAN_ALONE,
    NONE
  }

  /** Width of one number. */
  public int bits() {
    return bits;
  }

  /** The largest finite number. */
  public double largest() {
    return decode(largestCode);
  }

  /** The code of the largest finite number. The codes of smaller positive numbers are smaller. */
  long largestCode() {
    return largestCode;
  }

  /**
   * The bits of the number of this format that is nearest to {@code value}; of two equally near,
   * the one whose last bit is 0. They are the low {@link #bits()} bits, and the others are 0. The
   * value is rounded once, directly: going through {@code float} on the way to BF16 would round
   * twice. Subnormal numbers and the sign of zero are kept. A number that is too large becomes an
   * infinity in F32, BF16 and F16, and the largest number in the narrow formats.
   *
   * <p>A NaN becomes a quiet NaN with the same sign and as much of the payload as fits. There are
   * two exceptions: F64 keeps every bit, and E4M3 has only one NaN of each sign.
   *
   * @throws IllegalArgumentException for a NaN in E2M1, which has none
   */
  public long encode(double value) {
    long source = Double.doubleToRawLongBits(value);
    if (this == F64) {
      return source;
    }
    long sign = source >>> 63 << (bits - 1);
    if (Double.isNaN(value)) {
      return sign | nan(source);
    }
    long most = specials == Specials.INFINITIES ? infinity() : largestCode;
    return sign | Math.min(most, nearestMagnitude(source));
  }

  /**
   * The bits of the smallest number of this format that is not below {@code value}. This rounds a
   * scale up. If {@code value} is above the largest finite number, the result is that number.
   *
   * @throws IllegalArgumentException if {@code value} is negative or a NaN
   */
  public long encodeUp(double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException("expected a scale of at least 0, got " + value);
    }
    // The code of -0.0 has a sign, which is above every magnitude.
    long nearest = Math.min(largestCode, encode(Math.abs(value)));
    return decode(nearest) < value && nearest < largestCode ? nearest + 1 : nearest;
  }

  /** The number that the low {@link #bits()} bits of {@code code} stand for, exactly. */
  public double decode(long code) {
    if (this == F64) {
      return Double.longBitsToDouble(code);
    }
    long sign = code >>> (bits - 1) & 1;
    long exponent = code >>> fractionBits & exponentMask();
    long fraction = code & ((1L << fractionBits) - 1);
    if (exponent == 0) {
      double magnitude = Math.scalb((double) fraction, minExponent() - fractionBits);
      return sign == 0 ? magnitude : -magnitude;
    }
    boolean special = (code & ((1L << (bits - 1)) - 1)) > largestCode;
    long widened = special ? 0x7ff : exponent - 1 + minExponent() + Double.MAX_EXPONENT;
    return Double.longBitsToDouble(sign << 63 | widened << 52 | fraction << (52 - fractionBits));
  }

  /**
   * The exponent and fraction of the nearest magnitude, as one integer. A carry out of the fraction
   * thus raises the exponent by itself, also from the largest subnormal to the smallest normal
   * number. The result is above {@link #largestCode} if the number is too large.
   */
  private long nearestMagnitude(long source) {
    int exponent = (int) (source >>> 52 & 0x7ff) - Double.MAX_EXPONENT;
    // Below the smallest normal number the scale stays the same, so that subnormals lose more bits.
    int scale = Math.max(exponent, minExponent());
    int dropped = 52 - fractionBits + (scale - exponent);
    if (dropped > 53) {
      return 0; // The value is less than half the smallest subnormal, as every subnormal double is.
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

  /** The bits of a NaN without its sign. */
  private long nan(long source) {
    return switch (specials) {
      case INFINITIES, SATURATED_INFINITIES ->
          infinity() | 1L << (fractionBits - 1) | (source & F64_FRACTION) >>> (52 - fractionBits);
      case NAN_ALONE -> (1L << (bits - 1)) - 1;
      case NONE -> throw new IllegalArgumentException(this + " has no NaN");
    };
  }

  /** The code of infinity in formats that have it: the largest exponent, and no fraction. */
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
