package dev.helix.runtime.trace.batch;

import dev.helix.runtime.trace.LiveResults;
import dev.helix.runtime.trace.RankMemory;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.Spec;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankKind;
import dev.helix.tensor.trace.RankTrace;
import dev.helix.tensor.trace.Stated;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What the ranks of one kind do in a step, with sizes that depend on the batch. */
final class SizedKind {
  private final StepsByBatch.TracedKind first;
  private final int[] workOf;
  private final int[] ownWorks;
  private final AffineSizes results;

  /**
   * Takes a kind of ranks from several traces.
   *
   * @param probes the kind in the first trace, and in traces of which each has one quantity more
   * @param works where the works of all kinds are collected
   * @throws IllegalArgumentException if the traces differ in more than their sizes
   */
  SizedKind(List<StepsByBatch.TracedKind> probes, SizedWorks works) {
    this.first = probes.get(0);
    List<Operation> operations = first.kind().trace().operations();
    for (StepsByBatch.TracedKind probe : probes) {
      if (probe.kind().trace().operations().size() != operations.size()) {
        throw new IllegalArgumentException(
            "expected %d operations, got %d"
                .formatted(operations.size(), probe.kind().trace().operations().size()));
      }
    }
    this.workOf =
        IntStream.range(0, operations.size())
            .map(
                i ->
                    works.numberOf(
                        new SizedOperation(
                            probes.stream()
                                .map(probe -> probe.kind().trace().operations().get(i))
                                .toList())))
            .toArray();
    this.ownWorks = IntStream.of(workOf).distinct().toArray();
    this.results = AffineSizes.of(probes.stream().map(SizedKind::sizesOfResults).toList());
  }

  private static long[] sizesOfResults(StepsByBatch.TracedKind kind) {
    return AffineSizes.of(kind.results().stream().flatMap(List::stream)).toArray();
  }

  /** For each operation the number of its work. */
  int[] workOf() {
    return workOf.clone();
  }

  /** Whether a kind has the operations of this one in the same order, with the sizes of works. */
  boolean isLike(StepTrace.Kind other, List<Operation> works) {
    List<Operation> own = first.kind().trace().operations();
    List<Operation> others = other.trace().operations();
    return own.size() == others.size()
        && IntStream.range(0, own.size())
            .allMatch(
                i ->
                    own.get(i).place().equals(others.get(i).place())
                        && own.get(i).after().equals(others.get(i).after())
                        && SizedOperation.work(others.get(i))
                            .equals(SizedOperation.work(works.get(workOf[i]))));
  }

  /**
   * The kind with each of its works once, and with its memory.
   *
   * @param units the batch as a multiple of that of the first trace
   * @param works all works with their sizes
   */
  StepTrace.Kind memoryAt(int units, List<Operation> works, double... quantities) {
    List<Operation> own = new ArrayList<>(ownWorks.length);
    for (int work : ownWorks) {
      own.add(alone(works.get(work), own.size()));
    }
    AffineSizes.Reader reader = new AffineSizes.Reader(results.at(quantities));
    List<List<Spec>> made = new ArrayList<>(first.results().size());
    for (List<Spec> specs : first.results()) {
      made.add(reader.resized(specs));
    }
    RankMemory least = first.kind().memory();
    RankMemory memory =
        new RankMemory(
            least.weights(),
            least.kv(),
            Math.multiplyExact(least.kvElements(), (long) units),
            LiveResults.of(first.operations(), made));
    int rank = first.members().get(0);
    return new StepTrace.Kind(new RankKind(new RankTrace(rank, own), first.members()), memory);
  }

  private static Operation alone(Operation operation, int index) {
    Stated stated = operation.stated();
    return operation instanceof Launch launch
        ? new Launch(index, launch.kind(), stated, launch.work(), List.of())
        : new Transfer(
            index,
            ((Transfer) operation).kind(),
            stated,
            ((Transfer) operation).contribution(),
            List.of());
  }
}
