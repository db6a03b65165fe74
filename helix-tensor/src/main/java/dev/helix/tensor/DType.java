package dev.helix.tensor;

import dev.helix.tensor.formats.FloatFormat;
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
  F64(FloatFormat.F64),
  F32(FloatFormat.F32),
  BF16(FloatFormat.BF16),
  F16(FloatFormat.F16),
  /** E4M3 (OCP 8-bit Floating Point Specification 1.0, §5): up to 448, NaN but no infinities. */
  FP8(FloatFormat.E4M3),
  /**
   * E2M1 (OCP Microscaling Formats 1.0, §5.3.3): 0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives.
   */
  FP4(FloatFormat.E2M1);

  private final FloatFormat format;

  DType(FloatFormat format) {
    this.format = format;
  }

  /** Width of one element. */
  public int bits() {
    return format.bits();
  }

  /**
   * Width of one element in bytes; {@link Spec#bytes} gives the bytes of a whole tensor.
   *
   * @throws IllegalStateException if several elements share a byte
   */
  public int bytes() {
    if (bits() < Byte.SIZE) {
      throw new IllegalStateException(
          "an element of %s has %d bits, expected whole bytes".formatted(this, bits()));
    }
    return bits() / Byte.SIZE;
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
   * The bits that store {@link #round round}{@code (value)}; see {@link FloatFormat#encode}.
   *
   * @throws IllegalArgumentException for a NaN in FP4, which has none
   */
  public long encode(double value) {
    return format.encode(value);
  }

  /** The number that the low {@link #bits()} bits of {@code element} stand for, exactly. */
  public double decode(long element) {
    return format.decode(element);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
