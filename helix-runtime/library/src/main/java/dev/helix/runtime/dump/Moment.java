package dev.helix.runtime.dump;

import java.util.Comparator;

/**
 * One decode step in one layer, the unit that is verified. A dump that states no step or no layer
 * has 0 in its place.
 */
public record Moment(int step, int layer) implements Comparable<Moment> {
  @Override
  public int compareTo(Moment other) {
    return Comparator.comparingInt(Moment::step)
        .thenComparingInt(Moment::layer)
        .compare(this, other);
  }

  /** The words of messages, such as {@code step 1, layer 0}. */
  @Override
  public String toString() {
    return "step %d, layer %d".formatted(step, layer);
  }
}
