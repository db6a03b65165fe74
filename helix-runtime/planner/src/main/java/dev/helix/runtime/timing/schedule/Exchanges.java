package dev.helix.runtime.timing.schedule;

import dev.helix.tensor.trace.Transfer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out which transfers of different kinds of ranks are one exchange.
 *
 * <p>The k-th transfer of a rank with ranks of certain kinds is the k-th such transfer of each of
 * those ranks, and must be the same operation. Groups that share no kind exchange independently of
 * each other.
 *
 * <p>This finds every exchange, and joins none that are apart, because all members of a kind
 * exchange with ranks of the same kinds ({@link dev.helix.tensor.trace.RankKind}).
 */
final class Exchanges {
  private final Programs programs;

  /** For each kind and operation, the transfers that start at the same time, this one included. */
  private final List<List<List<OperationAt>>> together = new ArrayList<>();

  /**
   * Matches the transfers of all kinds of ranks.
   *
   * @throws IllegalArgumentException naming two ranks, an operation and its group if a transfer of
   *     one is not found on the other
   */
  Exchanges(Programs programs) {
    this.programs = programs;
    programs
        .kinds()
        .forEach(
            kind -> {
              List<List<OperationAt>> none = new ArrayList<>();
              kind.operations().forEach(operation -> none.add(List.of()));
              together.add(none);
            });
    Collection<int[]> meetings = meetings();
    mismatch(meetings)
        .ifPresent(
            mismatch -> {
              throw new IllegalArgumentException(mismatch);
            });
    meetings.forEach(this::match);
  }

  /**
   * The transfers that start at the same time as one transfer, itself included; empty for a launch.
   */
  List<OperationAt> with(OperationAt transfer) {
    return together.get(transfer.kind()).get(transfer.index());
  }

  /** The transfers that are one exchange: for each kind the index of its transfer, or −1. */
  private Collection<int[]> meetings() {
    Map<Meeting, int[]> meetings = new LinkedHashMap<>();
    int count = programs.kinds().size();
    for (int kind = 0; kind < count; kind++) {
      Map<BitSet, Integer> before = new HashMap<>();
      for (var operation : programs.kinds().get(kind).operations()) {
        if (operation instanceof Transfer) {
          BitSet met = new BitSet();
          for (int other : kindsIn(new OperationAt(kind, operation.index()))) {
            met.set(other);
          }
          int earlier = before.merge(met, 1, Integer::sum) - 1;
          meetings.computeIfAbsent(new Meeting(met, earlier), m -> nowhere(count))[kind] =
              operation.index();
        }
      }
    }
    return meetings.values();
  }

  private static int[] nowhere(int kinds) {
    int[] indices = new int[kinds];
    Arrays.fill(indices, -1);
    return indices;
  }

  /** The k-th transfer between certain kinds of ranks. */
  private record Meeting(BitSet kinds, int before) {}

  /** The reason why transfers that should be one exchange are not; empty if there is none. */
  private Optional<String> mismatch(Collection<int[]> meetings) {
    for (int[] indices : meetings) {
      for (int kind = 0; kind < indices.length; kind++) {
        if (indices[kind] >= 0) {
          OperationAt transfer = new OperationAt(kind, indices[kind]);
          for (int other : kindsIn(transfer)) {
            Optional<String> mismatch = mismatch(transfer, other, indices[other]);
            if (mismatch.isPresent()) {
              return mismatch;
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> mismatch(OperationAt transfer, int other, int index) {
    Transfer own = transfer(transfer);
    int rank = programs.kinds().get(other).rank();
    if (index < 0) {
      return Optional.of(waits(transfer) + ": ranks like rank " + rank + " take no part in it");
    }
    OperationAt at = new OperationAt(other, index);
    Transfer there = transfer(at);
    boolean sameGroup =
        !own.group().ranks().contains(rank) || own.group().ranks().equals(there.group().ranks());
    if (own.kind() == there.kind() && sameGroup) {
      return Optional.empty();
    }
    return Optional.of(waits(transfer) + " meets " + waits(at));
  }

  private String waits(OperationAt transfer) {
    return programs.words(transfer) + " on " + transfer(transfer).group();
  }

  /** Lets the transfers of one exchange start together. */
  private void match(int[] indices) {
    List<OperationAt> exchange = new ArrayList<>();
    for (int kind = 0; kind < indices.length; kind++) {
      if (indices[kind] >= 0) {
        exchange.add(new OperationAt(kind, indices[kind]));
      }
    }
    List<OperationAt> complete = List.copyOf(exchange);
    complete.forEach(at -> together.get(at.kind()).set(at.index(), complete));
  }

  private Transfer transfer(OperationAt at) {
    return (Transfer) programs.operation(at);
  }

  /** The kinds that have members in a transfer's group. */
  private int[] kindsIn(OperationAt transfer) {
    return transfer(transfer).group().ranks().stream()
        .mapToInt(rank -> programs.kindOf(rank, transfer))
        .distinct()
        .toArray();
  }
}
