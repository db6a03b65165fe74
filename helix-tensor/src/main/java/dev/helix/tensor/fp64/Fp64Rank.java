package dev.helix.tensor.fp64;

import dev.helix.tensor.OperandChecks;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.RankScope;

/**
 * The parts that all {@code fp64} kernels of one rank share: its memory, its scope, and the checks
 * of operands.
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

  /** Creates a tensor of this rank, whose numbers the caller writes. */
  public Fp64Tensor allocate(Spec spec) {
    return new Fp64Tensor(spec, scope.rank(), memory.allocate(spec.elements()));
  }

  /** Memory for a kernel's intermediate numbers, which belong to no tensor. */
  public Fp64Memory.Region scratch(long doubles) {
    return memory.allocate(doubles);
  }

  /** Announces a launch and checks that its operands belong to this rank. */
  public void launch(String operation, Fp64Tensor... operands) {
    scope.launch(operation);
    requireOwn(operation, operands);
  }

  /** Checks that tensors belong to this rank, and that nobody has freed their memory. */
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
