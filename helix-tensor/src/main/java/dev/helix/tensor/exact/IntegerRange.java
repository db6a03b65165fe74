package dev.helix.tensor.exact;

/**
 * States that a column of values consists of integers times one power of two: each value is
 * n·2^unit with |n| &lt; 2^bits.
 *
 * @param unit the exponent of the lowest bit that is 1 in any value
 * @param bits 0 if all values are 0
 */
record IntegerRange(int unit, int bits) {
  /**
   * The range of all values.
   *
   * @throws ExactRangeException naming {@code what} if a value is NaN or infinite
   */
  static IntegerRange of(String what, double[] values) {
    ValueRange magnitudes = ValueRange.of(what, values, 0, values.length);
    if (magnitudes.isZero()) {
      return new IntegerRange(0, 0);
    }
    int unit = Integer.MAX_VALUE;
    for (double value : values) {
      if (value != 0) {
        int zeros = Long.numberOfTrailingZeros(ExactSums.significand(value));
        unit = Math.min(unit, ExactSums.exponentOfUnit(value) + zeros);
      }
    }
    return new IntegerRange(unit, magnitudes.top() - unit);
  }
}
