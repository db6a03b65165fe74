package dev.helix.runtime.sharded.reference;

/**
 * The slots {@code [from, to)} of a rank's cache; none if {@code to} is not above {@code from}.
 *
 * @param from the first slot
 * @param to the slot behind the last
 */
public record SlotRange(int from, int to) {
  /** How many slots there are. */
  public int count() {
    return Math.max(0, to - from);
  }
}
