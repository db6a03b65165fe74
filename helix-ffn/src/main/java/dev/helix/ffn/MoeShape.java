package dev.helix.ffn;

import dev.helix.tensor.InvalidInputException;

/**
 * The sizes of one mixture of experts.
 *
 * @param hidden H, the size of the residual stream
 * @param experts E, routed experts
 * @param intermediate F of each routed expert
 * @param sharedIntermediate F of the expert that all tokens pass through; 0 if there is none
 */
public record MoeShape(int hidden, int experts, int intermediate, int sharedIntermediate) {
  public MoeShape {
    requireAtLeast(1, "hidden size", hidden);
    requireAtLeast(1, "experts", experts);
    requireAtLeast(1, "expert intermediate size", intermediate);
    requireAtLeast(0, "shared expert intermediate size", sharedIntermediate);
  }

  /** Whether there is an expert that all tokens pass through. */
  public boolean hasShared() {
    return sharedIntermediate > 0;
  }

  /** The shape of the shared expert. */
  public FfnShape shared() {
    return new FfnShape(hidden, sharedIntermediate);
  }

  private static void requireAtLeast(int least, String what, int size) {
    if (size < least) {
      throw new InvalidInputException(what + " must be at least " + least + ", got " + size);
    }
  }
}
