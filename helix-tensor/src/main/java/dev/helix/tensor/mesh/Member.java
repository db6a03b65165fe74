package dev.helix.tensor.mesh;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Group;
import dev.helix.tensor.RowCounts;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.Optional;

/**
 * A rank as a member of a group in one exchange. It checks the rank's operands, and its messages
 * name operation, rank and group.
 */
record Member(String name, int rank, Group group) {
  IllegalArgumentException error(String what) {
    return new IllegalArgumentException(
        "%s on rank %d, group %s: %s".formatted(name, rank, group, what));
  }

  Spec owned(Tensor tensor) {
    if (tensor.owner() != rank) {
      throw error(tensor.spec() + " belongs to rank " + tensor.owner());
    }
    return tensor.spec();
  }

  int size(Axis axis, Spec spec) {
    if (!spec.has(axis)) {
      throw error(spec + " has no axis " + axis);
    }
    return spec.size(axis);
  }

  /** The axis along which a tensor that travels whole is cut into one block: its first. */
  Axis firstAxis(Spec spec) {
    if (spec.axisCount() == 0) {
      throw error(spec + " has no axis");
    }
    return spec.dims().get(0).axis();
  }

  int blockSize(Axis axis, Spec spec) {
    return blockSize(axis, spec, group.size());
  }

  int blockSize(Axis axis, Spec spec, int blocks) {
    int size = size(axis, spec);
    if (size % blocks != 0) {
      String of = blocks == group.size() ? "the group's size " : "the number of receivers ";
      throw error("%s=%d of %s is not divisible by %s%d".formatted(axis, size, spec, of, blocks));
    }
    return size / blocks;
  }

  /** Checks that a group is a pair in which this rank has a given index. */
  void requireIndex(int index, String does) {
    if (group.size() != 2 || group.indexOf(rank) != index) {
      throw error("expected the rank that sends, then the one that receives; this one " + does);
    }
  }

  /** The spec of the rows that arrive in an uneven all-to-all. */
  Spec arriving(Spec rows, RowCounts counts) {
    Optional<String> mismatch = counts.mismatch(rows, group.size());
    if (mismatch.isPresent()) {
      throw error(mismatch.get());
    }
    return rows.resized(Axis.BATCH, counts.allReceived());
  }
}
