package dev.helix.runtime.sweep;

import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankKind;
import dev.helix.tensor.trace.RankTrace;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A step whose attention, exchange and merge are split into equal pieces, however many there are:
 * two, or a first one, a last one and all between them as one.
 *
 * <p>All pieces of an operation cost the same. So a chain of results that passes from attention to
 * the exchange at the i-th piece has a length that is linear in i, and the longest chain passes at
 * the first piece or at the last. The pieces between need no dependencies of their own, and cost as
 * much as they have in sum.
 */
final class PiecedStep {
  private final List<RankKind> kinds;
  private final int[][] source;
  private final Role[][] role;

  private PiecedStep(List<RankKind> kinds, int[][] source, Role[][] role) {
    this.kinds = kinds;
    this.source = source;
    this.role = role;
  }

  /** What an operation of the split step is. */
  enum Role {
    /** An operation that is not split. */
    WHOLE,
    /** The first or the last piece. */
    PIECE,
    /** All pieces between. */
    MIDDLE
  }

  /**
   * Splits a step.
   *
   * @param split which operations are split, by name and phase
   * @param stand how many operations stand for the pieces of each: 1, 2 or 3
   */
  static PiecedStep of(List<RankKind> whole, Set<String> split, int stand) {
    List<RankKind> kinds = new ArrayList<>();
    int[][] source = new int[whole.size()][];
    Role[][] role = new Role[whole.size()][];
    for (int kind = 0; kind < whole.size(); kind++) {
      Splitting splitting = new Splitting(whole.get(kind).operations(), split, stand);
      splitting.run();
      RankTrace trace = new RankTrace(whole.get(kind).rank(), splitting.operations);
      kinds.add(new RankKind(trace, whole.get(kind).members()));
      source[kind] = splitting.source.stream().mapToInt(Integer::intValue).toArray();
      role[kind] = splitting.role.toArray(Role[]::new);
    }
    return new PiecedStep(kinds, source, role);
  }

  /** The kinds of ranks with their split operations. */
  List<RankKind> kinds() {
    return kinds;
  }

  /** For each operation of a kind, the operation of the unsplit step that it comes from. */
  int[] source(int kind) {
    return source[kind];
  }

  /** What an operation of a kind is. */
  Role role(int kind, int operation) {
    return role[kind][operation];
  }

  /** What all pieces of an operation have in common, and no other operation of a layer. */
  static String key(Operation operation) {
    return operation.name() + " " + operation.phase();
  }

  /** The splitting of one kind's operations. */
  private static final class Splitting {
    private final List<Operation> whole;
    private final Set<String> split;
    private final int stand;
    private final List<Operation> operations = new ArrayList<>();
    private final List<Integer> source = new ArrayList<>();
    private final List<Role> role = new ArrayList<>();

    /** For each operation of the unsplit step, where its pieces are. */
    private final int[][] pieces;

    Splitting(List<Operation> whole, Set<String> split, int stand) {
      this.whole = whole;
      this.split = split;
      this.stand = stand;
      this.pieces = new int[whole.size()][];
    }

    void run() {
      for (int from = 0; from < whole.size(); ) {
        int to = from;
        while (to < whole.size() && stand > 1 && split.contains(key(whole.get(to)))) {
          to++;
        }
        if (to == from) {
          pieces[from] = new int[] {operations.size()};
          add(from, Role.WHOLE, after(from, 0));
          from++;
        } else {
          block(from, to);
          from = to;
        }
      }
    }

    /** Pieces are launched up to their exchange, one after the other, and what follows it then. */
    private void block(int from, int to) {
      int exchange = from;
      for (int i = from; i < to; i++) {
        exchange = whole.get(i) instanceof Transfer ? i + 1 : exchange;
        pieces[i] = new int[stand];
      }
      for (int piece = 0; piece < stand; piece++) {
        for (int i = from; i < exchange; i++) {
          piece(i, piece);
        }
      }
      for (int i = exchange; i < to; i++) {
        for (int piece = 0; piece < stand; piece++) {
          piece(i, piece);
        }
      }
    }

    private void piece(int i, int piece) {
      boolean middle = stand == 3 && piece == 1;
      pieces[i][piece] = operations.size();
      add(i, middle ? Role.MIDDLE : Role.PIECE, after(i, middle ? 0 : piece));
    }

    private List<Integer> after(int i, int piece) {
      boolean isSplit = stand > 1 && split.contains(key(whole.get(i)));
      return whole.get(i).after().stream()
          .flatMapToInt(
              before ->
                  isSplit && pieces[before].length > 1
                      ? IntStream.of(pieces[before][piece])
                      : IntStream.of(pieces[before]))
          .boxed()
          .toList();
    }

    private void add(int from, Role what, List<Integer> after) {
      Operation operation = whole.get(from);
      int index = operations.size();
      operations.add(
          operation instanceof Launch launch
              ? new Launch(index, launch.kind(), launch.stated(), launch.work(), after)
              : moved((Transfer) operation, index, after));
      source.add(from);
      role.add(what);
    }

    private static Transfer moved(Transfer transfer, int index, List<Integer> after) {
      return new Transfer(
          index, transfer.kind(), transfer.stated(), transfer.contribution(), after);
    }
  }
}
