package dev.helix.runtime.reading;

import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Communicator;

/**
 * A way to interpret the decode program. It says what a tensor is and what the operations compute.
 * One instance serves all ranks of one run.
 */
public interface Reading<T extends Tensor> {
  /** The name that the command line and reports use. */
  String name();

  /** The operations of one rank, which reaches the others through {@code communicator}. */
  RankOperations<T> on(Communicator communicator);
}
