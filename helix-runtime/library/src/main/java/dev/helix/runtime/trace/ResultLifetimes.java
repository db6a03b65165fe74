package dev.helix.runtime.trace;

import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From which operation of a step to which other one each result is held. This follows from the
 * order of the program and is the same for every batch, so steps that differ in sizes alone share
 * it. The rules are those of {@link LiveResults}.
 */
public final class ResultLifetimes {
  private final int operations;
  private final List<Lifetime> lifetimes;

  private ResultLifetimes(int operations, List<Lifetime> lifetimes) {
    this.operations = operations;
    this.lifetimes = lifetimes;
  }

  /**
   * One result.
   *
   * @param received whether it has arrived from other ranks
   * @param first the operation that makes it
   * @param last the operation that reads it last
   */
  private record Lifetime(DType dtype, boolean received, int first, int last) {}

  /**
   * The lifetimes of the results of a step.
   *
   * @param results the tensors that each operation makes
   */
  public static ResultLifetimes of(List<Operation> operations, List<List<Spec>> results) {
    int[] whole = whole(operations);
    int[] lastReader = new int[operations.size()];
    for (Operation operation : operations) {
      int own = whole[operation.index()];
      lastReader[own] = Math.max(lastReader[own], own);
      for (int writer : operation.after()) {
        lastReader[whole[writer]] = Math.max(lastReader[whole[writer]], own);
      }
    }
    Lifetime[] lifetimes = new Lifetime[results.stream().mapToInt(List::size).sum()];
    int at = 0;
    for (Operation operation : operations) {
      int own = whole[operation.index()];
      for (Spec spec : results.get(operation.index())) {
        lifetimes[at++] =
            new Lifetime(spec.dtype(), operation instanceof Transfer, own, lastReader[own]);
      }
    }
    return new ResultLifetimes(operations.size(), List.of(lifetimes));
  }

  /** For each operation its index, and for a piece that of the first piece of its operation. */
  private static int[] whole(List<Operation> operations) {
    Map<Split, Integer> firsts = new HashMap<>();
    int[] whole = new int[operations.size()];
    for (Operation operation : operations) {
      int index = operation.index();
      whole[index] =
          operation.piece().isWhole()
              ? index
              : firsts.computeIfAbsent(
                  new Split(operation.place(), operation.name(), operation.phase()),
                  first -> index);
    }
    return whole;
  }

  /** What the pieces of an operation have in common, and no other operation of the step. */
  private record Split(Place place, String name, Phase phase) {}

  /**
   * What a step holds at once if its results have these sizes.
   *
   * @param elements number of elements of each result, in the order of the operations
   */
  public LiveResults holding(long[] elements) {
    return new LiveResults(most(false, elements), most(true, elements));
  }

  private Map<DType, Long> most(boolean received, long[] elements) {
    Map<DType, long[]> change = new EnumMap<>(DType.class);
    for (int i = 0; i < elements.length; i++) {
      Lifetime lifetime = lifetimes.get(i);
      if (lifetime.received == received) {
        long[] ofFormat =
            change.computeIfAbsent(lifetime.dtype, unknown -> new long[operations + 1]);
        ofFormat[lifetime.first] += elements[i];
        ofFormat[lifetime.last + 1] -= elements[i];
      }
    }
    DType[] formats = change.keySet().toArray(new DType[0]);
    long[][] changes = change.values().toArray(new long[0][]);
    long[] most = new long[formats.length];
    long mostBits = -1;
    long[] held = new long[formats.length];
    for (int operation = 0; operation < operations; operation++) {
      long bits = 0;
      for (int format = 0; format < formats.length; format++) {
        held[format] = Math.addExact(held[format], changes[format][operation]);
        bits += held[format] * formats[format].bits();
      }
      if (bits > mostBits) {
        mostBits = bits;
        most = Arrays.copyOf(held, held.length);
      }
    }
    Map<DType, Long> byFormat = new EnumMap<>(DType.class);
    for (int format = 0; format < formats.length; format++) {
      byFormat.put(formats[format], most[format]);
    }
    return byFormat;
  }
}
