package dev.helix.tensor;

/**
 * Checks of operands that all kernels of one rank share, in every reading. Each message begins with
 * the operation and the rank.
 */
public interface OperandChecks {
  /** The rank whose kernels these are. */
  int rank();

  /**
   * Checks that tensors belong to this rank.
   *
   * @throws IllegalArgumentException naming the tensor's owner if one does not
   */
  default void requireOwn(String operation, Tensor... operands) {
    for (Tensor operand : operands) {
      if (operand.owner() != rank()) {
        throw new IllegalArgumentException(
            "%s on rank %d was given a tensor of rank %d (%s); numbers cross ranks only through a collective"
                .formatted(operation, rank(), operand.owner(), operand.spec()));
      }
    }
  }

  /**
   * Checks that a size is the one that another operand or argument prescribes.
   *
   * @throws IllegalArgumentException naming both sizes if they differ
   */
  default void requireEqual(String operation, String what, int expected, int actual) {
    if (expected != actual) {
      throw error(operation, "%s: expected %d, got %d".formatted(what, expected, actual));
    }
  }

  /** Creates the exception for an operation of this rank that fails; the caller throws it. */
  default IllegalArgumentException error(String operation, String what) {
    return new IllegalArgumentException("%s on rank %d: %s".formatted(operation, rank(), what));
  }
}
