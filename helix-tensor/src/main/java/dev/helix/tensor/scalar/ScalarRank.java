package dev.helix.tensor.scalar;

import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.RankScope;

/**
 * What all scalar kernels of one rank share: its arithmetic, where it stands, and the checks of
 * operands.
 *
 * @param <S> a number
 */
public final class ScalarRank<S> {
  private final RankScope scope;
  private final Arithmetic<S> arithmetic;

  public ScalarRank(RankScope scope, Arithmetic<S> arithmetic) {
    this.scope = scope;
    this.arithmetic = arithmetic;
  }

  public int rank() {
    return scope.rank();
  }

  public Arithmetic<S> arithmetic() {
    return arithmetic;
  }

  /** A new tensor of this rank, all of whose elements are unset. */
  public ScalarTensor<S> allocate(Spec spec) {
    return ScalarTensor.unset(spec, rank());
  }

  /** Announces a launch and checks that its operands belong to this rank. */
  public void launch(String operation, Tensor... operands) {
    scope.launch(operation);
    requireOwn(operation, operands);
  }

  /** Checks that tensors belong to this rank. */
  public void requireOwn(String operation, Tensor... operands) {
    for (Tensor operand : operands) {
      if (operand.owner() != rank()) {
        throw new IllegalArgumentException(
            "%s on rank %d was given a tensor of rank %d (%s); numbers cross ranks only through a collective"
                .formatted(operation, rank(), operand.owner(), operand.spec()));
      }
    }
  }

  /** Checks a size that another operand or argument prescribes. */
  public void requireEqual(String operation, String what, int expected, int actual) {
    if (expected != actual) {
      throw error(operation, "%s: expected %d, got %d".formatted(what, expected, actual));
    }
  }

  /** The error that an operation of this rank fails with, to be thrown. */
  public IllegalArgumentException error(String operation, String what) {
    return new IllegalArgumentException("%s on rank %d: %s".formatted(operation, rank(), what));
  }
}
