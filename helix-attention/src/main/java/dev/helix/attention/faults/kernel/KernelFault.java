package dev.helix.attention.faults.kernel;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.attention.faults.HealthyRank;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import dev.helix.tensor.program.Piece;
import java.util.List;

/**
 * A fault of the kernel that attends over one rank's tokens.
 *
 * @param change makes the faulty result of a launch
 */
record KernelFault(FaultStory story, Change change) implements AttentionFault {
  /** Makes the faulty result, in any reading whose partial states are numbers. */
  interface Change {
    <T extends Tensor> PartialAttention<T> of(HealthyLaunch<T> launch);
  }

  @Override
  public FaultSeam seam() {
    return FaultSeam.KERNEL;
  }

  @Override
  public <T extends Tensor> AttentionKernels<T> kernels(HealthyRank<T> rank) {
    return new ForwardingAttentionKernels<>(rank.kernels()) {
      @Override
      public PartialAttention<T> flashDecode(
          Piece piece, T queries, List<KvView<T>> views, ScoreRule rule, int valueDim) {
        return change.of(new HealthyLaunch<>(rank, queries, views, rule, valueDim));
      }
    };
  }
}
