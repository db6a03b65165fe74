package dev.helix.runtime.trace.batch;

import dev.helix.runtime.trace.RankMemory;
import dev.helix.runtime.trace.ResultLifetimes;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.Spec;
import dev.helix.tensor.trace.Operation;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The sizes of what some ranks do in a step, which depend on the batch. The ranks launch the same
 * sizes, whomever they exchange with.
 */
final class SizedRanks {
  private final StepsByBatch.TracedRanks first;

  /** For each operation its sizes. */
  private final List<AffineSizes> sizes;

  /** The tensors that the operations make, with one layer of each kind. */
  private final List<Spec> made;

  private final ResultLifetimes lifetimes;
  private final AffineSizes results;

  /**
   * Takes ranks from several traces.
   *
   * @param probes the ranks in the first trace, and in traces of which each has one quantity more
   * @throws IllegalArgumentException if the traces differ in more than their sizes
   */
  SizedRanks(List<StepsByBatch.TracedRanks> probes) {
    this.first = probes.get(0);
    for (StepsByBatch.TracedRanks probe : probes) {
      if (probe.all().size() != first.all().size()) {
        throw new IllegalArgumentException(
            "expected %d operations, got %d".formatted(first.all().size(), probe.all().size()));
      }
    }
    // A layer that repeats another one does the same objects of work in each of the traces.
    IdentityHashMap<Object, AffineSizes> known = new IdentityHashMap<>();
    List<AffineSizes> found = new ArrayList<>(first.all().size());
    for (int i = 0; i < first.all().size(); i++) {
      List<Operation> same = new ArrayList<>(probes.size());
      for (StepsByBatch.TracedRanks probe : probes) {
        same.add(probe.all().get(i));
      }
      found.add(
          known.computeIfAbsent(first.all().get(i).content(), work -> SizedOperation.sizes(same)));
    }
    this.sizes = List.copyOf(found);
    this.made = first.results();
    this.lifetimes = first.lifetimes();
    this.results =
        AffineSizes.of(probes.stream().map(probe -> AffineSizes.of(probe.results())).toList());
  }

  /** Whether all ranks of a kind are among these. */
  boolean have(StepTrace.Kind kind) {
    return first.members().containsAll(kind.members());
  }

  /**
   * Numbers the works of some of these ranks.
   *
   * @param kind what they do in another step, whose exchanges are theirs
   * @param works where the works of all kinds are collected
   * @return for each operation the number of its work
   */
  List<Integer> works(StepTrace.Kind kind, SizedWorks works) {
    List<Operation> operations = kind.trace().operations();
    IdentityHashMap<Object, Integer> known = new IdentityHashMap<>();
    List<Integer> numbers = new ArrayList<>(operations.size());
    for (int i = 0; i < operations.size(); i++) {
      SizedOperation sized = new SizedOperation(operations.get(i), sizes.get(i));
      numbers.add(
          known.computeIfAbsent(operations.get(i).content(), work -> works.numberOf(sized)));
    }
    return List.copyOf(numbers);
  }

  /**
   * Whether some of these ranks do in another step what the sizes say. The first rank also has to
   * do it in the order of the first trace.
   */
  boolean areConfirmedBy(StepTrace.Kind kind, double... quantities) {
    List<Operation> own = first.all();
    List<Operation> others = kind.trace().operations();
    boolean sameRank = kind.trace().rank() == first.members().get(0);
    if (own.size() != others.size()) {
      return false;
    }
    IdentityHashMap<Object, AffineSizes> confirmed = new IdentityHashMap<>();
    for (int i = 0; i < own.size(); i++) {
      Operation other = others.get(i);
      boolean isKnown = confirmed.put(other.content(), sizes.get(i)) == sizes.get(i);
      if (!own.get(i).name().equals(other.name())
          || (sameRank && !haveSamePlace(own.get(i), other))
          || (!isKnown && !SizedOperation.has(other, sizes.get(i).at(quantities)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean haveSamePlace(Operation one, Operation other) {
    return one.place().equals(other.place()) && one.after().equals(other.after());
  }

  /**
   * The memory that each of the ranks needs.
   *
   * @param units the batch as a multiple of that of the first trace
   */
  RankMemory memoryAt(int units, double... quantities) {
    AffineSizes.Reader reader = new AffineSizes.Reader(results.at(quantities));
    long[] elements = new long[made.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = reader.elements(made.get(i));
    }
    RankMemory least = first.memory();
    return new RankMemory(
        least.weights(),
        least.kv(),
        Math.multiplyExact(least.kvElements(), (long) units),
        lifetimes.holding(elements));
  }
}
