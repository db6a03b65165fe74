package dev.helix.tensor.io;

/**
 * The 8-bit numbers of the type F8_E4M3: a sign, four bits of exponent with bias 7, three of
 * fraction, subnormal numbers, no infinities, and NaN where all seven low bits are set (OCP 8-bit
 * Floating Point Specification, 1.0, §5). The greatest is 448, the least positive 2⁻⁹.
 */
final class Float8 {
  private static final int BIAS = 7;

  private Float8() {}

  /** The number that {@code element} stands for, exactly. */
  static double decode(byte element) {
    int exponent = element >>> 3 & 0xf;
    int fraction = element & 0x7;
    double magnitude;
    if (exponent == 0xf && fraction == 0x7) {
      magnitude = Double.NaN;
    } else if (exponent == 0) {
      magnitude = Math.scalb((double) fraction, 1 - BIAS - 3);
    } else {
      magnitude = Math.scalb((double) (8 + fraction), exponent - BIAS - 3);
    }
    return element < 0 ? -magnitude : magnitude;
  }
}
