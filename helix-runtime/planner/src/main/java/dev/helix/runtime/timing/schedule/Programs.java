package dev.helix.runtime.timing.schedule;

import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out which kinds of ranks run the same program, which means the same operations at the same
 * places, one by one. Such kinds differ at most in sizes, and in what an operation waits for.
 */
final class Programs {
  private final List<RankKind> kinds;
  private final int[] programOf;
  private final Map<Integer, Integer> kindOfRank = new HashMap<>();

  /**
   * Compares the programs of all kinds of ranks.
   *
   * @throws IllegalArgumentException if there is no kind, or a rank is of two kinds
   */
  Programs(List<RankKind> kinds) {
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("no trace, expected one for each kind of rank");
    }
    this.kinds = kinds;
    this.programOf = new int[kinds.size()];
    Map<List<Line>, Integer> programs = new HashMap<>();
    for (int kind = 0; kind < kinds.size(); kind++) {
      List<Line> lines = new ArrayList<>();
      kinds.get(kind).operations().forEach(operation -> lines.add(Line.of(operation)));
      programOf[kind] = programs.computeIfAbsent(lines, first -> programs.size());
      for (int rank : kinds.get(kind).members()) {
        if (kindOfRank.put(rank, kind) != null) {
          throw new IllegalArgumentException("rank " + rank + " is of two kinds");
        }
      }
    }
  }

  List<RankKind> kinds() {
    return kinds;
  }

  /** The number of the program that a kind of rank runs. */
  int programOf(int kind) {
    return programOf[kind];
  }

  /**
   * The kind of a rank that an operation names.
   *
   * @throws IllegalArgumentException naming the operation if no kind has the rank
   */
  int kindOf(int rank, OperationAt namedBy) {
    Integer kind = kindOfRank.get(rank);
    if (kind == null) {
      throw new IllegalArgumentException(
          words(namedBy) + ": rank " + rank + " is of no kind of ranks");
    }
    return kind;
  }

  Operation operation(OperationAt at) {
    return kinds.get(at.kind()).operations().get(at.index());
  }

  /** An operation as messages name it. */
  String words(OperationAt at) {
    Operation operation = operation(at);
    return "rank %d, %s, %s (operation %d)"
        .formatted(
            kinds.get(at.kind()).rank(), operation.place(), operation.name(), operation.index());
  }

  private record Line(String name, Place place) {
    static Line of(Operation operation) {
      return new Line(operation.name(), operation.place());
    }
  }
}
