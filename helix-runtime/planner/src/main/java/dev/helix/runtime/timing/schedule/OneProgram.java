package dev.helix.runtime.timing.schedule;

import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankTrace;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What all kinds of ranks have in common, and the order that follows from it. */
final class OneProgram {
  private OneProgram() {}

  /**
   * @throws IllegalArgumentException if there is no kind, or two do not run one program
   */
  static void require(List<RankTrace> kinds) {
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("no trace, expected one for each kind of rank");
    }
    RankTrace first = kinds.get(0);
    for (RankTrace kind : kinds) {
      if (kind.operations().size() != first.operations().size()) {
        throw new IllegalArgumentException(
            "rank %d has %d operations, rank %d has %d: expected one program"
                .formatted(
                    first.rank(),
                    first.operations().size(),
                    kind.rank(),
                    kind.operations().size()));
      }
      for (Operation operation : kind.operations()) {
        Operation expected = first.operations().get(operation.index());
        if (!same(operation, expected)) {
          throw new IllegalArgumentException(
              "operation %d is %s on rank %d, %s on rank %d: expected one program"
                  .formatted(
                      operation.index(),
                      expected.name(),
                      first.rank(),
                      operation.name(),
                      kind.rank()));
        }
      }
    }
  }

  private static boolean same(Operation one, Operation other) {
    return one.name().equals(other.name()) && Stream.of(one) == Stream.of(other);
  }

  /** The indices of all operations, each after those that it waits for on any kind of rank. */
  static List<Integer> order(List<RankTrace> kinds) {
    List<Operation> program = kinds.get(0).operations();
    int[] depth = new int[program.size()];
    for (int index = 0; index < depth.length; index++) {
      for (RankTrace kind : kinds) {
        for (int earlier : kind.operations().get(index).after()) {
          int exchanged = Stream.of(program.get(earlier)) == Stream.NETWORK ? 1 : 0;
          depth[index] = Math.max(depth[index], depth[earlier] + exchanged);
        }
      }
    }
    return IntStream.range(0, depth.length)
        .boxed()
        .sorted(Comparator.comparingInt(index -> depth[index]))
        .toList();
  }
}
