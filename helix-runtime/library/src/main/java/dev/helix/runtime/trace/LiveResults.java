package dev.helix.runtime.trace;

import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The most memory that results of operations take at once in a step. A result is held from the
 * operation that makes it to the last one that reads it; no operation writes over its operands, and
 * results that are never read are held while they are made. The pieces into which HOP-B splits an
 * operation count as the operation, as any of them can be under way when another one starts.
 *
 * @param activations number of elements in each number format of what launches have written, where
 *     they have most bytes
 * @param received the same of what has arrived from other ranks
 */
public record LiveResults(Map<DType, Long> activations, Map<DType, Long> received) {
  public LiveResults {
    activations = Map.copyOf(activations);
    received = Map.copyOf(received);
  }

  /**
   * The results of a step.
   *
   * @param results the tensors that each operation makes
   */
  public static LiveResults of(List<Operation> operations, List<List<Spec>> results) {
    int[] whole = whole(operations);
    int[] lastReader = new int[operations.size()];
    for (Operation operation : operations) {
      int own = whole[operation.index()];
      lastReader[own] = Math.max(lastReader[own], own);
      for (int writer : operation.after()) {
        lastReader[whole[writer]] = Math.max(lastReader[whole[writer]], own);
      }
    }
    Peak launches = new Peak(operations.size());
    Peak transfers = new Peak(operations.size());
    for (Operation operation : operations) {
      Peak peak = operation instanceof Transfer ? transfers : launches;
      int own = whole[operation.index()];
      results.get(operation.index()).forEach(spec -> peak.add(spec, own, lastReader[own]));
    }
    return new LiveResults(launches.most(), transfers.most());
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

  /** The sum of all results that are held at each operation. */
  private static final class Peak {
    private final Map<DType, long[]> change = new EnumMap<>(DType.class);
    private final int operations;

    Peak(int operations) {
      this.operations = operations;
    }

    void add(Spec spec, int first, int last) {
      long[] ofFormat = change.computeIfAbsent(spec.dtype(), dtype -> new long[operations + 1]);
      ofFormat[first] += spec.elements();
      ofFormat[last + 1] -= spec.elements();
    }

    Map<DType, Long> most() {
      Map<DType, Long> held = new EnumMap<>(DType.class);
      Map<DType, Long> most = Map.of();
      long mostBits = -1;
      for (int i = 0; i < operations; i++) {
        long bits = 0;
        for (Map.Entry<DType, long[]> entry : change.entrySet()) {
          long elements = held.merge(entry.getKey(), entry.getValue()[i], Math::addExact);
          bits += elements * entry.getKey().bits();
        }
        if (bits > mostBits) {
          mostBits = bits;
          most = new EnumMap<>(held);
        }
      }
      return most;
    }
  }
}
