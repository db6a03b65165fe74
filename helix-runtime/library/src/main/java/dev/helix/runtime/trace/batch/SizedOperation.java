package dev.helix.runtime.trace.batch;

import dev.helix.tensor.program.Purpose;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import dev.helix.tensor.trace.Work;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** An operation whose sizes depend on the batch and on the load of the experts. */
final class SizedOperation {
  private final Operation one;
  private final AffineSizes sizes;

  /**
   * Takes the operation that several traces have at the same place.
   *
   * @param probes the operation of the first trace, and those of traces of which each has one
   *     quantity more by one
   * @throws IllegalArgumentException if they differ in more than their sizes
   */
  SizedOperation(List<Operation> probes) {
    this.one = probes.get(0);
    this.sizes = AffineSizes.of(probes.stream().map(SizedOperation::sizes).toList());
    for (Operation other : probes) {
      if (!with(one, sizes(other)).equals(other)) {
        throw new IllegalArgumentException(
            "operations differ in more than their sizes: %s and %s".formatted(one, other));
      }
    }
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
      return LongStream.concat(
              AffineSizes.of(Stream.concat(launch.reads().stream(), launch.writes().stream())),
              LongStream.of(launch.flops()))
          .toArray();
    }
    return AffineSizes.of(((Transfer) operation).operands().stream()).toArray();
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
