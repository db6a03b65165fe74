package dev.helix.tensor.exact;

/**
 * The range of powers of two that contains a set of doubles: each double is 0, or it is below 2^top
 * in magnitude and a multiple of 2^bottom.
 *
 * @param top is less than {@code bottom} if all values are 0
 */
public record ValueRange(int top, int bottom) {
  private static final ValueRange ZEROS = new ValueRange(0, 1);

  /** Whether all values are 0. */
  public boolean isZero() {
    return top < bottom;
  }

  /**
   * The range of {@code count} values. {@code bottom} is the last bit that a double of the smallest
   * magnitude could have. So each value that is not 0 is at least 2^(bottom+52), subnormal numbers
   * excepted.
   *
   * @throws ExactRangeException naming {@code what} if a value is NaN or infinite
   */
  public static ValueRange of(String what, double[] values, int from, int count) {
    // Bits are ordered as the magnitudes are. Subtracting 1 puts 0 above all others, taken
    // unsigned.
    long greatest = 0;
    long least = Long.MAX_VALUE;
    for (int i = from; i < from + count; i++) {
      long magnitude = Double.doubleToRawLongBits(values[i]) & Long.MAX_VALUE;
      greatest = Math.max(greatest, magnitude);
      least = Math.min(least, (magnitude - 1) & Long.MAX_VALUE);
    }
    if (greatest == 0) {
      return ZEROS;
    }
    int top = (int) (greatest >>> 52);
    if (top == 0x7ff) {
      throw new ExactRangeException(what + " holds NaN or an infinity, expected finite numbers");
    }
    int bottom = (int) ((least + 1) >>> 52);
    return new ValueRange(
        Math.max(top, 1) - Double.MAX_EXPONENT + 1, Math.max(bottom, 1) - Double.MAX_EXPONENT - 52);
  }
}
