package dev.helix.runtime.checkpoint.weights;

import dev.helix.tensor.InvalidInputException;

/** Checks the scales of weights. */
final class Scale {
  private Scale() {}

  /**
   * Checks the scale of a whole matrix.
   *
   * @throws InvalidInputException naming file and tensor, if it is not a positive finite number
   */
  static double positive(String file, String tensor, double scale) {
    if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new InvalidInputException(
          "%s: scale %s: expected positive finite numbers, got %s".formatted(file, tensor, scale));
    }
    return scale;
  }

  /**
   * Checks a scale of a block or row, which may be 0: a quantiser writes 0 where all numbers of a
   * block are too small for its format, and they are 0 then.
   *
   * @throws InvalidInputException naming file and tensor, if it is negative, infinite or NaN
   */
  static double notNegative(String file, String tensor, double scale) {
    if (!(scale >= 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new InvalidInputException(
          "%s: scale %s: expected finite numbers of at least 0, got %s"
              .formatted(file, tensor, scale));
    }
    return scale;
  }

  /** Checks scales of blocks or rows. */
  static double[] notNegative(String file, String tensor, double[] scales) {
    for (double scale : scales) {
      notNegative(file, tensor, scale);
    }
    return scales;
  }
}
