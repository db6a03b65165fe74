package dev.helix.tensor.formats.baseline;

/**
 * The magnitudes that the codes of a format stand for, without the sign, in ascending order. Codes
 * that stand for no finite number are left out.
 */
final class CodeValues {
  /** E2M1: 3 bits without the sign, and all of them stand for a number. */
  static final CodeValues E2M1 = new CodeValues(4, 1, 1, 8);

  /** E4M3: the last of 128 magnitudes is a NaN. */
  static final CodeValues E4M3 = new CodeValues(8, 3, 7, 127);

  /** BF16: the last exponent is for infinity and NaNs. */
  static final CodeValues BF16 = new CodeValues(16, 7, 127, 0x7f80);

  private final int bits;
  private final double[] magnitudes;

  private CodeValues(int bits, int fractionBits, int bias, int count) {
    this.bits = bits;
    this.magnitudes = new double[count];
    int fractions = 1 << fractionBits;
    for (int code = 0; code < count; code++) {
      int exponent = code / fractions;
      double fraction = (double) (code % fractions) / fractions;
      magnitudes[code] =
          exponent == 0
              ? fraction * StrictMath.pow(2, 1 - bias)
              : (1 + fraction) * StrictMath.pow(2, exponent - bias);
    }
  }

  int bits() {
    return bits;
  }

  /** The number of a code, or NaN if it stands for no finite number. */
  double value(int code) {
    int magnitude = magnitude(code);
    if (magnitude >= magnitudes.length) {
      return Double.NaN;
    }
    return isNegative(code) ? -magnitudes[magnitude] : magnitudes[magnitude];
  }

  double largest() {
    return magnitudes[magnitudes.length - 1];
  }

  /**
   * The least number that is rounded to a code: the midpoint below the code's own, or that below
   * the negative of the largest, which is −∞ because numbers saturate.
   */
  double least(int code) {
    int magnitude = magnitude(code);
    if (isNegative(code) && magnitude > 0) {
      return -upper(magnitude);
    }
    return magnitude == 0 ? -upper(0) : middle(magnitude - 1);
  }

  /** The greatest number that is rounded to a code. */
  double greatest(int code) {
    int magnitude = magnitude(code);
    return isNegative(code) && magnitude > 0 ? -middle(magnitude - 1) : upper(magnitude);
  }

  /** The value just below that of a code without sign; 0 below the smallest. */
  double below(int code) {
    return code == 0 ? 0 : magnitudes[code - 1];
  }

  private double upper(int magnitude) {
    return magnitude == magnitudes.length - 1 ? Double.POSITIVE_INFINITY : middle(magnitude);
  }

  private double middle(int below) {
    return (magnitudes[below] + magnitudes[below + 1]) / 2;
  }

  private int magnitude(int code) {
    return code & (1 << (bits - 1)) - 1;
  }

  private boolean isNegative(int code) {
    return (code >> (bits - 1) & 1) == 1;
  }
}
