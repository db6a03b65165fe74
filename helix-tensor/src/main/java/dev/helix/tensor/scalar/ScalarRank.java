package dev.helix.tensor.scalar;

import dev.helix.tensor.OperandChecks;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.RankScope;

/**
 * The parts that all scalar kernels of one rank share: its arithmetic, its scope, and the checks of
 * operands.
 *
 * @param <S> a number
 */
public final class ScalarRank<S> implements OperandChecks {
  private final RankScope scope;
  private final Arithmetic<S> arithmetic;

  public ScalarRank(RankScope scope, Arithmetic<S> arithmetic) {
    this.scope = scope;
    this.arithmetic = arithmetic;
  }

  @Override
  public int rank() {
    return scope.rank();
  }

  public Arithmetic<S> arithmetic() {
    return arithmetic;
  }

  /** Creates a tensor of this rank, all of whose elements are unset. */
  public ScalarTensor<S> allocate(Spec spec) {
    return ScalarTensor.unset(spec, rank());
  }

  /** Announces a launch and checks that its operands belong to this rank. */
  public void launch(String operation, Tensor... operands) {
    scope.launch(operation);
    requireOwn(operation, operands);
  }
}
