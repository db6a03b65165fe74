package dev.helix.runtime.trace;

import dev.helix.tensor.program.Place;
import java.util.List;

/**
 * A step in which each group of equal layers stands for itself with two of them, however many there
 * are. A layer waits for nothing but the layer before it. So the time from the end of the first
 * layer to the end of the second is that of every further layer of the group.
 *
 * @param trace the step of these layers; its memory is that of all layers
 * @param runs for each kind of rank, the groups that have more than two layers
 */
public record ShortStep(StepTrace trace, List<List<Run>> runs) {
  /** How many layers of a group stand for all of them. */
  static final int KEPT = 2;

  public ShortStep {
    runs = runs.stream().map(List::copyOf).toList();
  }

  /**
   * A group of equal layers on one kind of rank.
   *
   * @param layer the first of them; it and the next one are in the trace
   * @param left how many more there are
   */
  public record Run(int layer, int left) {
    /** The first layer. */
    public Place first() {
      return Place.layer(layer);
    }

    /** The second layer. */
    public Place second() {
      return Place.layer(layer + 1);
    }
  }
}
