package dev.helix.ffn;

import dev.helix.tensor.Sizes;

/**
 * The sizes of one mixture of experts.
 *
 * @param hidden H, the size of the residual stream
 * @param experts E, the number of routed experts
 * @param intermediate F, the intermediate size of each routed expert
 * @param sharedIntermediate intermediate size of the shared expert, which all tokens pass through;
 *     0 if there is none
 */
public record MoeShape(int hidden, int experts, int intermediate, int sharedIntermediate) {
  public MoeShape {
    Sizes.requireAtLeast(1, "hidden size", hidden);
    Sizes.requireAtLeast(1, "experts", experts);
    Sizes.requireAtLeast(1, "expert intermediate size", intermediate);
    Sizes.requireAtLeast(0, "shared expert intermediate size", sharedIntermediate);
  }

  /** Whether there is a shared expert, which all tokens pass through. */
  public boolean hasShared() {
    return sharedIntermediate > 0;
  }

  /** The shape of the shared expert. */
  public FfnShape shared() {
    return new FfnShape(hidden, sharedIntermediate);
  }
}
