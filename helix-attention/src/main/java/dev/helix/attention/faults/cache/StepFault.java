package dev.helix.attention.faults.cache;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.faults.HealthyRank;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;

/**
 * A fault in what a rank assumes about a step: lengths, pages, positions.
 *
 * @param change makes the faulty kernels of a rank
 */
record StepFault(FaultStory story, FaultSeam seam, Change change) implements AttentionFault {
  /** Makes the faulty kernels, in any reading. */
  interface Change {
    <T extends Tensor> FaultyStep<T> of(HealthyRank<T> rank);
  }

  @Override
  public <T extends Tensor> AttentionKernels<T> kernels(HealthyRank<T> rank) {
    return change.of(rank);
  }
}
