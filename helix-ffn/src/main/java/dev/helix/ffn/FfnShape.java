package dev.helix.ffn;

import dev.helix.tensor.Sizes;

/**
 * The sizes of one dense FFN.
 *
 * @param hidden H, the size of the residual stream
 * @param intermediate F, the intermediate size
 */
public record FfnShape(int hidden, int intermediate) {
  public FfnShape {
    Sizes.requirePositive("hidden size", hidden);
    Sizes.requirePositive("FFN intermediate size", intermediate);
  }
}
