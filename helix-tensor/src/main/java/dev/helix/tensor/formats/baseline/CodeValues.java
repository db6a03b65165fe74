package dev.helix.tensor.formats.baseline;

/**
 * The magnitudes that the codes of a format stand for, without the sign, in ascending order. Codes
 * that stand for no number are left out.
 */
final class CodeValues {
  /** E2M1: 3 bits without the sign, and all of them stand for a number. */
  static final CodeValues E2M1 = new CodeValues(4, 1, 1, 8, false);

  /** E4M3: the last of 128 magnitudes is a NaN. */
  static final CodeValues E4M3 = new CodeValues(8, 3, 7, 127, false);

  /** BF16: the last exponent is for infinity and NaNs. */
  static final CodeValues BF16 = new CodeValues(16, 7, 127, 0x7f81, true);

  private final int bits;

  /** An infinity has the number here that would follow the largest one. */
  private final double[] magnitudes;

  private final boolean infinite;

  /**
   * Makes the table.
   *
   * @param count number of magnitudes
   * @param infinite whether the last of them is an infinity; otherwise numbers saturate
   */
  private CodeValues(int bits, int fractionBits, int bias, int count, boolean infinite) {
    this.bits = bits;
    this.magnitudes = new double[count];
    this.infinite = infinite;
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

  /** The number of a code, or NaN if it stands for none. */
  double value(int code) {
    int magnitude = magnitude(code);
    if (magnitude >= magnitudes.length) {
      return Double.NaN;
    }
    boolean isInfinity = infinite && magnitude == magnitudes.length - 1;
    double value = isInfinity ? Double.POSITIVE_INFINITY : magnitudes[magnitude];
    return isNegative(code) ? -value : value;
  }

  /** The largest finite number. */
  double largest() {
    return magnitudes[magnitudes.length - (infinite ? 2 : 1)];
  }

  /**
   * The least number that is rounded to a code: the midpoint below the code's own, or that below
   * the negative of the last, which is −∞ because numbers saturate or become infinities.
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
