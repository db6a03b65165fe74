package dev.helix.tensor.formats.definition;

/**
 * The numbers n·2^e of an element format, with n below 2^(fraction + 1) and e no less than that of
 * the smallest subnormal number.
 *
 * @param fractionBits bits of the fraction
 * @param leastExponent exponent of the smallest normal number
 * @param largest the largest finite number
 */
record Grid(int fractionBits, int leastExponent, double largest) {
  static final Grid E2M1 = new Grid(1, 0, 6);
  static final Grid E4M3 = new Grid(3, -6, 448);
  static final Grid BF16 = new Grid(7, -126, 0x1.fep127);
  static final Grid F32 = new Grid(23, -126, 0x1.fffffep127);

  /**
   * The number of the grid that is nearest to x, of two equally near the one with an even n, and
   * never beyond the largest.
   */
  double nearest(double x) {
    double rounded = Math.rint(x / spacing(x)) * spacing(x);
    return Math.copySign(Math.min(Math.abs(rounded), largest), x);
  }

  /** The smallest number of the grid that is not below x &gt; 0, or the largest of all. */
  double notBelow(double x) {
    return Math.min(Math.ceil(x / spacing(x)) * spacing(x), largest);
  }

  /** The distance of the numbers of the grid around x, a power of two. */
  private double spacing(double x) {
    return Math.scalb(1.0, Math.max(Math.getExponent(x), leastExponent) - fractionBits);
  }
}
