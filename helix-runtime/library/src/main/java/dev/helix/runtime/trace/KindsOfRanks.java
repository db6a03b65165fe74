package dev.helix.runtime.trace;

import dev.helix.tensor.Group;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Parts the ranks of a step into kinds. Ranks are of one kind if they launch the same sizes, and
 * meet ranks of the same kinds in each of their exchanges, over equally many boards. So whatever
 * holds up one of them holds up all, and one trace describes them all, with its times.
 *
 * <p>It is the coarsest partition of that sort. It begins with equal sizes and splits a kind as
 * long as two of its ranks meet others, as in the refinement of Paige and Tarjan (1987).
 */
final class KindsOfRanks {
  /** A board has 4 GPUs or 8. Wider groups lie on several in any case. */
  private static final int WIDEST_BOARD = 8;

  private final int[] kindOf;
  private int kinds;

  private KindsOfRanks(int ranks) {
    this.kindOf = new int[ranks];
  }

  /**
   * Finds the kinds.
   *
   * @param ranks number of ranks
   * @param sizes a value that is equal for ranks whose launches all have the same sizes
   * @param exchanges the groups in which ranks exchange; those of one list are disjoint
   * @return for each kind its ranks, ascending; the kinds in the order of their first ranks
   */
  static List<List<Integer>> of(int ranks, IntFunction<Object> sizes, List<List<Group>> exchanges) {
    KindsOfRanks found = new KindsOfRanks(ranks);
    found.split(sizes);
    int before;
    do {
      before = found.kinds;
      for (List<Group> groups : exchanges) {
        found.splitByGroups(groups);
      }
    } while (found.kinds > before);
    return found.members();
  }

  /**
   * Finds the ranks whose launches have the same sizes, whomever they exchange with. Each kind of
   * ranks belongs to one such class.
   *
   * @return for each class its ranks, ascending; the classes in the order of their first ranks
   */
  static List<List<Integer>> bySizes(int ranks, IntFunction<Object> sizes) {
    KindsOfRanks found = new KindsOfRanks(ranks);
    found.split(sizes);
    return found.members();
  }

  private List<List<Integer>> members() {
    List<List<Integer>> members = new ArrayList<>();
    for (int rank = 0; rank < kindOf.length; rank++) {
      if (kindOf[rank] == members.size()) {
        members.add(new ArrayList<>());
      }
      members.get(kindOf[rank]).add(rank);
    }
    return members;
  }

  /** Tells ranks apart whose groups have members of other kinds, or lie on another board. */
  private void splitByGroups(List<Group> groups) {
    if (groups.get(0).size() == kindOf.length) {
      return;
    }
    Map<Met, Integer> met = new HashMap<>();
    int[] metBy = new int[kindOf.length];
    Arrays.fill(metBy, -1);
    for (Group group : groups) {
      if (group.size() > 1) {
        int number = met.computeIfAbsent(met(group), first -> met.size());
        group.ranks().forEach(rank -> metBy[rank] = number);
      }
    }
    if (!met.isEmpty()) {
      split(rank -> metBy[rank]);
    }
  }

  private Met met(Group group) {
    BitSet members = new BitSet();
    int different = 0;
    for (int rank : group.ranks()) {
      members.set(kindOf[rank]);
      different |= rank ^ group.ranks().get(0);
    }
    return new Met(members, Math.min(WIDEST_BOARD, Integer.highestOneBit(different)));
  }

  /** Splits each kind by a value of its ranks. Kinds are numbered by their first ranks. */
  private void split(IntFunction<Object> by) {
    Map<List<Object>, Integer> numbers = new HashMap<>();
    for (int rank = 0; rank < kindOf.length; rank++) {
      kindOf[rank] =
          numbers.computeIfAbsent(List.of(kindOf[rank], by.apply(rank)), f -> numbers.size());
    }
    kinds = numbers.size();
  }

  /**
   * What ranks meet in a group.
   *
   * @param kinds kinds of the members
   * @param boards the highest bit in which the numbers of two members differ; up to 2 they share a
   *     board of 4, and up to 4 one of 8
   */
  private record Met(BitSet kinds, int boards) {}
}
