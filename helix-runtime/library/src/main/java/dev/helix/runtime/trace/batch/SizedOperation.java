package dev.helix.runtime.trace.batch;

import dev.helix.tensor.program.Purpose;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import dev.helix.tensor.trace.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An operation whose sizes depend on the batch and on the load of the experts. */
final class SizedOperation {
  private final Operation one;
  private final AffineSizes sizes;

  /**
   * Takes an operation.
   *
   * @param one the operation in any step
   * @param sizes its sizes in every step
   */
  SizedOperation(Operation one, AffineSizes sizes) {
    this.one = one;
    this.sizes = sizes;
  }

  /**
   * The sizes of the operation that several traces have at the same place.
   *
   * @param probes the operation of the first trace, and those of traces of which each has one
   *     quantity more by one
   * @throws IllegalArgumentException if they differ in more than their sizes
   */
  static AffineSizes sizes(List<Operation> probes) {
    Operation one = probes.get(0);
    List<long[]> sizes = new ArrayList<>(probes.size());
    for (Operation other : probes) {
      sizes.add(sizes(other));
      if (!with(one, sizes.get(sizes.size() - 1)).equals(other)) {
        throw new IllegalArgumentException(
            "operations differ in more than their sizes: %s and %s".formatted(one, other));
      }
    }
    return AffineSizes.of(sizes);
  }

  /** Whether an operation has these sizes. */
  static boolean has(Operation operation, long[] sizes) {
    return Arrays.equals(sizes(operation), sizes);
  }

  /** The operation at other quantities, as {@link AffineSizes#at} takes them. */
  Operation at(double... more) {
    return with(one, sizes.at(more));
  }

  /** What is equal for operations that do the same work at any quantities. */
  Object work() {
    return List.of(work(one), sizes.slopes());
  }

  /** What an operation does, apart from where it stands in the program. */
  static Object work(Operation operation) {
    Purpose purpose = operation.stated().purpose();
    return operation instanceof Launch launch
        ? List.of(purpose, launch.kind(), launch.work())
        : List.of(purpose, ((Transfer) operation).kind(), ((Transfer) operation).contribution());
  }

  private static long[] sizes(Operation operation) {
    if (operation instanceof Launch launch) {
      long[] tensors = AffineSizes.of(launch.reads(), launch.writes());
      long[] all = Arrays.copyOf(tensors, tensors.length + 1);
      all[tensors.length] = launch.flops();
      return all;
    }
    return AffineSizes.of(((Transfer) operation).operands());
  }

  private static Operation with(Operation operation, long[] sizes) {
    AffineSizes.Reader reader = new AffineSizes.Reader(sizes);
    if (operation instanceof Launch launch) {
      Work work =
          new Work(
              reader.resized(launch.reads()),
              reader.resized(launch.writes()),
              reader.next(),
              launch.arithmetic());
      return new Launch(launch.index(), launch.kind(), launch.stated(), work, launch.after());
    }
    Transfer transfer = (Transfer) operation;
    Transfer.Contribution brought =
        transfer.contribution().with(reader.resized(transfer.operands()));
    return new Transfer(
        transfer.index(), transfer.kind(), transfer.stated(), brought, transfer.after());
  }
}
