package dev.helix.tensor.exact;

import dev.helix.tensor.OperandChecks;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.RankScope;
import java.util.List;

/**
 * The parts that all exact kernels of one rank share: its scope, the creation of its tensors, and
 * the checks of operands.
 */
public final class ExactRank implements OperandChecks {
  private final RankScope scope;

  public ExactRank(RankScope scope) {
    this.scope = scope;
  }

  @Override
  public int rank() {
    return scope.rank();
  }

  /**
   * Creates a tensor of this rank that holds finished numbers, which are doubles and not sums that
   * still grow.
   */
  public ExactTensor tensor(Spec spec, double[] values) {
    return ExactTensor.finished(spec, rank(), values);
  }

  /**
   * Creates a tensor of this rank that holds numbers that have just been computed.
   *
   * @throws ExactRangeException naming the operation if one of them is NaN or infinite
   */
  public ExactTensor computed(String operation, Spec spec, double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new ExactRangeException(
            "%s on rank %d gave %s, which the exact reading has no bits for"
                .formatted(operation, rank(), value));
      }
    }
    return tensor(spec, values);
  }

  /**
   * Rounds sums that are complete, each once, into a tensor of this rank.
   *
   * @param sums one object for each run along the innermost axis
   * @throws ExactRangeException naming the operation if a sum rounds to no finite double
   */
  public ExactTensor rounded(String operation, Spec spec, List<ExactSums> sums) {
    double[] values = new double[Math.toIntExact(spec.elements())];
    int from = 0;
    for (ExactSums run : sums) {
      try {
        System.arraycopy(run.round(), 0, values, from, run.size());
      } catch (ExactRangeException e) {
        throw new ExactRangeException(
            "%s on rank %d: %s".formatted(operation, rank(), e.getMessage()));
      }
      from += run.size();
    }
    return tensor(spec, values);
  }

  /**
   * Creates a tensor of this rank that holds unfinished sums, one object for each run along the
   * innermost axis.
   */
  public ExactTensor unfinished(Spec spec, List<ExactSums> sums) {
    return ExactTensor.unfinished(spec, rank(), sums);
  }

  /** Announces a launch and checks that its operands belong to this rank. */
  public void launch(String operation, ExactTensor... operands) {
    scope.launch(operation);
    requireOwn(operation, operands);
  }
}
