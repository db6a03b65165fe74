package dev.helix.tensor.faults;

import dev.helix.tensor.Collectives;
import dev.helix.tensor.Tensor;

/**
 * A fault that a serving system has shipped, as a value: given the healthy parts that a rank works
 * with, it returns the faulty ones. What it does not concern is returned as it is.
 */
public interface Fault {
  /** What is known of it. */
  FaultStory story();

  /** Where in a sharded decode it acts. */
  FaultSeam seam();

  /**
   * The exchanges that a rank takes part in.
   *
   * @param numbers how the rank reads and makes tensors
   */
  default <T extends Tensor> Collectives<T> collectives(
      RankNumbers<T> numbers, Collectives<T> healthy) {
    return healthy;
  }
}
