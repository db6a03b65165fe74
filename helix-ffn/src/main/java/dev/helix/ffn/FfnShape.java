package dev.helix.ffn;

import dev.helix.tensor.InvalidInputException;

/**
 * The sizes of one dense FFN.
 *
 * @param hidden H, the size of the residual stream
 * @param intermediate F
 */
public record FfnShape(int hidden, int intermediate) {
  public FfnShape {
    requirePositive("hidden size", hidden);
    requirePositive("FFN intermediate size", intermediate);
  }

  private static void requirePositive(String what, int size) {
    if (size < 1) {
      throw new InvalidInputException(what + " must be at least 1, got " + size);
    }
  }
}
