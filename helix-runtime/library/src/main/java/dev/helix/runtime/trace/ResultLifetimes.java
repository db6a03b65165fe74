package dev.helix.runtime.trace;

import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * From which operation of a step to which other one each result is held. This follows from the
 * order of the program and is the same for every batch, so steps that differ in sizes alone share
 * it. The rules are those of {@link LiveResults}.
 */
public final class ResultLifetimes {
  private final int operations;
  private final Held written;
  private final Held received;

  private ResultLifetimes(int operations, List<Lifetime> lifetimes) {
    this.operations = operations;
    this.written = new Held(lifetimes, false);
    this.received = new Held(lifetimes, true);
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
    return new LiveResults(written.most(operations, elements), received.most(operations, elements));
  }

  /** The results that launches have written, or those that other ranks have sent. */
  private static final class Held {
    private final DType[] formats;

    /** For each of these results, which one of all it is. */
    private final int[] result;

    /** For each, its number format, and from where to where it is held. */
    private final int[] format;

    private final int[] first;
    private final int[] last;

    Held(List<Lifetime> all, boolean received) {
      Set<DType> found = EnumSet.noneOf(DType.class);
      int count = 0;
      for (Lifetime lifetime : all) {
        if (lifetime.received == received) {
          found.add(lifetime.dtype);
          count++;
        }
      }
      this.formats = found.toArray(new DType[0]);
      this.result = new int[count];
      this.format = new int[count];
      this.first = new int[count];
      this.last = new int[count];
      int at = 0;
      for (int i = 0; i < all.size(); i++) {
        Lifetime lifetime = all.get(i);
        if (lifetime.received == received) {
          result[at] = i;
          format[at] = List.of(formats).indexOf(lifetime.dtype);
          first[at] = lifetime.first;
          last[at] = lifetime.last;
          at++;
        }
      }
    }

    Map<DType, Long> most(int operations, long[] elements) {
      int count = formats.length;
      long[] change = new long[(operations + 1) * count];
      for (int i = 0; i < result.length; i++) {
        change[first[i] * count + format[i]] += elements[result[i]];
        change[(last[i] + 1) * count + format[i]] -= elements[result[i]];
      }
      long[] most = new long[count];
      long mostBits = -1;
      long[] held = new long[count];
      for (int operation = 0; operation < operations; operation++) {
        long bits = 0;
        for (int i = 0; i < count; i++) {
          held[i] = Math.addExact(held[i], change[operation * count + i]);
          bits += held[i] * formats[i].bits();
        }
        if (bits > mostBits) {
          mostBits = bits;
          System.arraycopy(held, 0, most, 0, count);
        }
      }
      Map<DType, Long> byFormat = new EnumMap<>(DType.class);
      for (int i = 0; i < count; i++) {
        byFormat.put(formats[i], most[i]);
      }
      return byFormat;
    }
  }
}
