package dev.helix.runtime.trace;

import dev.helix.tensor.trace.RankKind;
import dev.helix.tensor.trace.RankTrace;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The operations that a step launches and sends on all ranks, which may run different programs.
 * Ranks that differ in nothing but their number are listed once.
 *
 * @param kinds the kinds of ranks; each rank is of one kind
 */
public record StepTrace(List<Kind> kinds) {
  public StepTrace {
    kinds = List.copyOf(kinds);
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("a step of no ranks");
    }
    Set<Integer> seen = new HashSet<>();
    for (Kind kind : kinds) {
      for (int rank : kind.members()) {
        if (!seen.add(rank)) {
          throw new IllegalArgumentException("rank " + rank + " is of two kinds");
        }
      }
    }
  }

  /** Number of all ranks. */
  public int ranks() {
    return kinds.stream().mapToInt(kind -> kind.members().size()).sum();
  }

  /** The operations that one rank launches and sends. */
  public RankTrace of(int rank) {
    return kinds.stream()
        .filter(kind -> kind.members().contains(rank))
        .map(Kind::trace)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("rank " + rank + " is not in [0, " + ranks() + ")"));
  }

  /**
   * Ranks with the same operations and sizes.
   *
   * @param ranks which ranks they are, and what each launches and sends
   * @param memory how much memory each needs
   */
  public record Kind(RankKind ranks, RankMemory memory) {
    /** The operations that the first of these ranks launches and sends. */
    public RankTrace trace() {
      return ranks.trace();
    }

    /** The ranks of this kind, ascending. */
    public List<Integer> members() {
      return ranks.members();
    }
  }
}
