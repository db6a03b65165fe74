package dev.helix.tensor;

/** Checks sizes that come from the user: those of models, routers and layouts. */
public final class Sizes {
  private Sizes() {}

  /**
   * Refuses a size that is too small.
   *
   * @param what the size's name, with which the message begins
   * @throws InvalidInputException if {@code size} is less than {@code least}
   */
  public static void requireAtLeast(int least, String what, int size) {
    if (size < least) {
      throw new InvalidInputException(what + " must be at least " + least + ", got " + size);
    }
  }

  /**
   * Refuses a size that is not positive.
   *
   * @throws InvalidInputException if {@code size} is less than 1
   */
  public static void requirePositive(String what, int size) {
    requireAtLeast(1, what, size);
  }
}
