package dev.helix.tensor.faults;

import dev.helix.tensor.Collectives;
import dev.helix.tensor.Tensor;

/**
 * A fault that is a change of the exchanges.
 *
 * @param change makes a rank's faulty exchanges of its healthy ones
 */
record ExchangeFault(FaultStory story, FaultSeam seam, Change change) implements Fault {
  /** In any reading. */
  interface Change {
    <T extends Tensor> Collectives<T> of(RankNumbers<T> numbers, Collectives<T> healthy);
  }

  @Override
  public <T extends Tensor> Collectives<T> collectives(
      RankNumbers<T> numbers, Collectives<T> healthy) {
    return change.of(numbers, healthy);
  }
}
