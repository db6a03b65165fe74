package dev.helix.tensor;

import java.util.Locale;

/**
 * The number formats that models are deployed in, and how numbers are rounded to them. F64, F32 and
 * F16 are the binary formats of IEEE 754; BF16 is the upper half of F32; FP8 and FP4 are formats of
 * the Open Compute Project (OCP).
 *
 * <p>FP8 and FP4 have no infinities here: a number that is too large becomes the greatest number of
 * the format, as converters on GPUs saturate. A checkpoint stores scales for blocks of such
 * elements. They are not part of an element's bits, and are not counted here.
 */
public enum DType {
  F64(64, 52),
  F32(32, 23),
  BF16(16, 7),
  F16(16, 10),
  /** E4M3 (OCP 8-bit Floating Point Specification 1.0, §5): up to 448, NaN but no infinities. */
  FP8(8, 3),
  /**
   * E2M1 (OCP Microscaling Formats 1.0, §5.3.3): 0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives.
   */
  FP4(4, 1);

  private static final long F64_FRACTION = (1L << 52) - 1;
  private static final long FP8_NAN = 0x7f;

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

  /**
   * Width of one element in bytes; {@link Spec#bytes} gives the bytes of a whole tensor.
   *
   * @throws IllegalStateException if several elements share a byte
   */
  public int bytes() {
    if (bits < Byte.SIZE) {
      throw new IllegalStateException(
          "an element of %s has %d bits, expected whole bytes".formatted(this, bits));
    }
    return bits / Byte.SIZE;
  }

  /**
   * The number of this format that is nearest to {@code value}; of two equally near, the one whose
   * last bit is 0. The value is rounded once, directly: going through {@code (float) value} on the
   * way to BF16 would round twice. Subnormal numbers and the sign of zero are kept. A number that
   * is too large becomes an infinity, or in FP8 and FP4 the greatest number.
   *
   * @throws IllegalArgumentException for a NaN in FP4, which has none
   */
  public double round(double value) {
    return decode(encode(value));
  }

  /**
   * The bits that store {@link #round round}{@code (value)}: they are the low {@link #bits()} bits,
   * and the others are 0. A NaN becomes a quiet NaN with the same sign and as much of the payload
   * as fits. There are two exceptions: F64 keeps every bit, and FP8 has only one NaN of each sign.
   *
   * @throws IllegalArgumentException for a NaN in FP4, which has none
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
    return sign | Math.min(greatest(), nearestMagnitude(source));
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
    boolean special =
        this == FP8 ? (element & 0x7f) == FP8_NAN : exponent == exponentMask() && this != FP4;
    long widened = special ? 0x7ff : exponent - 1 + minExponent() + Double.MAX_EXPONENT;
    return Double.longBitsToDouble(sign << 63 | widened << 52 | fraction << (52 - fractionBits));
  }

  /**
   * The exponent and fraction of the nearest magnitude, as one integer. A carry out of the fraction
   * thus raises the exponent by itself, also from the largest subnormal to the smallest normal
   * number. The result is above {@link #greatest()} if the number is too large.
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

  /** The bits of the greatest magnitude, which is infinity in formats that have one. */
  private long greatest() {
    return switch (this) {
      case FP8 -> FP8_NAN - 1;
      case FP4 -> (1L << (bits - 1)) - 1;
      default -> infinity();
    };
  }

  /** The bits of a NaN without its sign. */
  private long nan(long source) {
    return switch (this) {
      case FP8 -> FP8_NAN;
      case FP4 -> throw new IllegalArgumentException("fp4 has no NaN");
      default ->
          infinity() | 1L << (fractionBits - 1) | (source & F64_FRACTION) >>> (52 - fractionBits);
    };
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
