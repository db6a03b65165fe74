package dev.helix.tensor.formats.baseline;

import java.util.Optional;

/**
 * A run of numbers in one format: first all elements, then the scales of their blocks.
 *
 * @param size how many numbers there are
 * @param element the format of an element
 * @param block how many numbers share a scale
 * @param scale the format of the scales
 * @param tensorScale a factor of all numbers
 */
record StoredRun(int size, CodeValues element, int block, ScaleFormat scale, double tensorScale) {
  /** A run without scales of blocks. */
  static StoredRun plain(int size, CodeValues element, double tensorScale) {
    return new StoredRun(size, element, size, ScaleFormat.NONE, tensorScale);
  }

  int bytes() {
    return elementBytes() + size / block * scale.bytes();
  }

  double[] numbers(byte[] bytes, int from) {
    double[] numbers = new double[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = element.value(code(bytes, from, i)) * factor(bytes, from, i);
    }
    return numbers;
  }

  /**
   * Says why the bytes cannot be a right rounding of {@code numbers[at]} and those that follow, if
   * each may be off by its bound.
   *
   * <p>The largest magnitude of a block is between a and b. Its scale is right if it is the
   * smallest that some magnitude between these needs: the scale holds a, and the next smaller one
   * does not hold b. An element is right if the numbers that are rounded to it come within the
   * bound. Midpoints and scales have few bits, so that their products are exact.
   */
  Optional<String> contradiction(
      byte[] bytes, int from, double[] numbers, double[] bounds, int at) {
    for (int i = 0; i < size; i++) {
      if (i % block == 0 && !scaleIsRight(bytes, scaleAt(from, i), numbers, bounds, at + i)) {
        return Optional.of(
            "the scale of the block from component %d on is %s, which is not by the rule"
                .formatted(at + i, scale.value(bytes, scaleAt(from, i))));
      }
      int code = code(bytes, from, i);
      double factor = factor(bytes, from, i);
      double number = numbers[at + i];
      double bound = bounds[at + i];
      boolean right =
          !Double.isNaN(element.value(code))
              && element.least(code) * factor <= number + bound
              && number - bound <= element.greatest(code) * factor;
      if (!right) {
        return Optional.of(
            "component %d was stored as %s, which is not nearest to %s"
                .formatted(at + i, element.value(code) * factor, number));
      }
    }
    return Optional.empty();
  }

  private boolean scaleIsRight(
      byte[] bytes, int scaleAt, double[] numbers, double[] bounds, int at) {
    if (scale == ScaleFormat.NONE) {
      return true;
    }
    double least = 0;
    double most = 0;
    for (int i = at; i < at + block; i++) {
      least = Math.max(least, Math.abs(numbers[i]) - bounds[i]);
      most = Math.max(most, Math.abs(numbers[i]) + bounds[i]);
    }
    double value = scale.value(bytes, scaleAt);
    if (least == 0 && value == 1) {
      return true;
    }
    double held = element.largest() * tensorScale;
    boolean enough = value * held >= least || scale.isLargest(bytes, scaleAt);
    return value > 0 && enough && scale.below(bytes, scaleAt) * held < most;
  }

  private double factor(byte[] bytes, int from, int index) {
    return scale.value(bytes, scaleAt(from, index)) * tensorScale;
  }

  private int scaleAt(int from, int index) {
    return from + elementBytes() + index / block * scale.bytes();
  }

  /** An element's bits: of two in a byte, the even one is in the low half. */
  private int code(byte[] bytes, int from, int index) {
    return switch (element.bits()) {
      case 4 -> bytes[from + index / 2] >> (index % 2 * 4) & 0xf;
      case 8 -> bytes[from + index] & 0xff;
      default -> (bytes[from + 2 * index] & 0xff) | ((bytes[from + 2 * index + 1] & 0xff) << 8);
    };
  }

  private int elementBytes() {
    return size * element.bits() / 8;
  }
}
