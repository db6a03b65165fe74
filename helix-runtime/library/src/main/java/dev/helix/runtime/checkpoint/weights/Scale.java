package dev.helix.runtime.checkpoint.weights;

import dev.helix.tensor.InvalidInputException;

/** Checks the scales of weights. */
final class Scale {
  private Scale() {}

  /**
   * Checks one scale.
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

  /** Checks some scales. */
  static double[] positive(String file, String tensor, double[] scales) {
    for (double scale : scales) {
      positive(file, tensor, scale);
    }
    return scales;
  }
}
