package dev.helix.tensor.faults;

import dev.helix.tensor.Collectives;
import dev.helix.tensor.Tensor;

/**
 * A fault that a serving system has shipped. Given the healthy parts that a rank works with, it
 * returns faulty ones; a part that it does not concern is returned unchanged.
 */
public interface Fault {
  /** The story of the fault: where it was seen, what went wrong, why tests missed it. */
  FaultStory story();

  /** The part of a sharded decode in which the fault acts. */
  FaultSeam seam();

  /**
   * Returns the exchanges that a rank with this fault takes part in.
   *
   * @param numbers how the rank reads and makes tensors
   */
  default <T extends Tensor> Collectives<T> collectives(
      RankNumbers<T> numbers, Collectives<T> healthy) {
    return healthy;
  }
}
