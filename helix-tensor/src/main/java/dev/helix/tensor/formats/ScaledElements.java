package dev.helix.tensor.formats;

/**
 * Rounds numbers to elements that share a scale.
 *
 * <p>Quotients by a scale are rounded to double precision, and yet every decision is exact. Let m
 * be a number at which a decision changes (a midpoint between two elements, or a scale) and s the
 * divisor, both of few bits, so that m·s is a double. A double x beside m·s differs from it by at
 * least the spacing of doubles there, on its smaller side. Divided by s, this is more than half of
 * the spacing at m. So x / s is rounded to a double that is on the same side of m and is not m.
 */
final class ScaledElements {
  private ScaledElements() {}

  /** The code of the element that, times {@code scale}, is nearest to {@code value}. */
  static long nearest(FloatFormat element, double value, double scale) {
    return element.encode(value / scale);
  }

  /**
   * The quotient that a scale must not be below, so that elements up to {@code largest} reach
   * {@code magnitude}. It is positive even if it is smaller than all positive doubles.
   */
  static double leastScale(double magnitude, double largest) {
    return Math.max(magnitude / largest, Double.MIN_VALUE);
  }

  /**
   * How many of the numbers with indices in {@code [from, to)} are beyond {@code limit} in
   * magnitude.
   */
  static int beyond(double limit, double[] numbers, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += Math.abs(numbers[i]) > limit ? 1 : 0;
    }
    return count;
  }

  /** The largest magnitude of the numbers with indices in {@code [from, to)}, without NaNs. */
  static double largestMagnitude(double[] numbers, int from, int to) {
    double largest = 0;
    for (int i = from; i < to; i++) {
      if (Math.abs(numbers[i]) > largest) {
        largest = Math.abs(numbers[i]);
      }
    }
    return largest;
  }

  static int requireBlocks(String format, int size, int block) {
    if (size < 0 || size % block != 0) {
      throw new IllegalArgumentException(
          "%s: expected a number of elements that blocks of %d divide, got %d"
              .formatted(format, block, size));
    }
    return size / block;
  }

  static void requireBytes(String format, byte[] bytes, int expected) {
    if (bytes.length != expected) {
      throw new IllegalArgumentException(
          "%s: expected %d bytes, got %d".formatted(format, expected, bytes.length));
    }
  }

  /** Stores an element of 4 or 8 bits. The even one of two in a byte is in the low half. */
  static void put(FloatFormat element, byte[] bytes, int index, long code) {
    if (element.bits() == Byte.SIZE) {
      bytes[index] = (byte) code;
    } else {
      bytes[index / 2] |= (byte) (code << (index % 2 * 4));
    }
  }

  /** The bits of an element of 4 or 8 bits; the bits above them are those of its neighbour. */
  static long get(FloatFormat element, byte[] bytes, int index) {
    return element.bits() == Byte.SIZE ? bytes[index] : bytes[index / 2] >> (index % 2 * 4);
  }
}
