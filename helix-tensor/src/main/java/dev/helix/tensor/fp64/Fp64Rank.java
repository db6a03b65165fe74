package dev.helix.tensor.fp64;

import dev.helix.tensor.OperandChecks;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.RankScope;

/**
 * What all kernels of one rank share in this reading: its memory, where it stands, and the check
 * that operands are its own.
 */
public final class Fp64Rank implements OperandChecks {
  private final RankScope scope;
  private final Fp64Memory memory = new Fp64Memory();

  public Fp64Rank(RankScope scope) {
    this.scope = scope;
  }

  @Override
  public int rank() {
    return scope.rank();
  }

  /** A new tensor of this rank, whose numbers the caller writes. */
  public Fp64Tensor allocate(Spec spec) {
    return new Fp64Tensor(spec, scope.rank(), memory.allocate(spec.elements()));
  }

  /** Room for numbers that no tensor names: a kernel's own. */
  public Fp64Memory.Region scratch(long doubles) {
    return memory.allocate(doubles);
  }

  /** Announces a launch and checks that its operands belong to this rank. */
  public void launch(String operation, Fp64Tensor... operands) {
    scope.launch(operation);
    requireOwn(operation, operands);
  }

  /** Checks that tensors belong to this rank, and that the memory of each is still there. */
  public void requireOwn(String operation, Fp64Tensor... operands) {
    for (Fp64Tensor operand : operands) {
      if (operand.owner() != scope.rank()) {
        throw new IllegalArgumentException(
            "%s on rank %d was given a tensor of rank %d (%s); numbers cross ranks only through a collective"
                .formatted(operation, scope.rank(), operand.owner(), operand.spec()));
      }
      operand.region().requireOpen();
    }
  }
}
