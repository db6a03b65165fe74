package dev.helix.tensor.faults;

import dev.helix.tensor.Collectives;
import dev.helix.tensor.Tensor;

/**
 * A fault that changes the exchanges of a rank.
 *
 * @param change replaces a rank's healthy exchanges by faulty ones
 */
record ExchangeFault(FaultStory story, FaultSeam seam, Change change) implements Fault {
  /** Replaces exchanges, in any reading. */
  interface Change {
    <T extends Tensor> Collectives<T> of(RankNumbers<T> numbers, Collectives<T> healthy);
  }

  @Override
  public <T extends Tensor> Collectives<T> collectives(
      RankNumbers<T> numbers, Collectives<T> healthy) {
    return change.of(numbers, healthy);
  }
}
