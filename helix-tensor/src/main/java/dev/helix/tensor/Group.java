package dev.helix.tensor;

import java.util.HashSet;
import java.util.List;

/**
 * Ranks that communicate with each other, in an order that all of them agree on.
 *
 * @param name what the group is for and its index, for example {@code "kvp[1]"}; the same on every
 *     member
 * @param ranks distinct global ranks; the position in the list is the member's index
 */
public record Group(String name, List<Integer> ranks) {
  public Group {
    ranks = List.copyOf(ranks);
    if (ranks.isEmpty()) {
      throw new IllegalArgumentException("group " + name + " has no ranks");
    }
    if (new HashSet<>(ranks).size() != ranks.size()) {
      throw new IllegalArgumentException("group " + name + " names a rank twice: " + ranks);
    }
  }

  public int size() {
    return ranks.size();
  }

  /** The index of {@code rank} among the members. */
  public int indexOf(int rank) {
    int index = ranks.indexOf(rank);
    if (index < 0) {
      throw new IllegalArgumentException("rank " + rank + " is no member of group " + this);
    }
    return index;
  }

  @Override
  public String toString() {
    return name + ranks;
  }
}
