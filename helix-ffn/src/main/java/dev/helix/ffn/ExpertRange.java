package dev.helix.ffn;

import dev.helix.tensor.Sizes;

/**
 * The experts that a rank has, whose indices follow each other.
 *
 * @param first index of the first expert
 * @param count number of experts
 */
public record ExpertRange(int first, int count) {
  public ExpertRange {
    Sizes.requirePositive("experts of a rank", count);
    if (first < 0) {
      throw new IllegalArgumentException("first expert " + first + ", expected one from 0 on");
    }
  }

  /** Whether the rank has an expert. */
  public boolean has(int expert) {
    return expert >= first && expert < first + count;
  }
}
