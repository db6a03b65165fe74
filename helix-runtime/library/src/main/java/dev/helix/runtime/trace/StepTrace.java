package dev.helix.runtime.trace;

import dev.helix.tensor.trace.RankTrace;
import java.util.List;

/**
 * What a step launches and sends on all ranks. Ranks run one program; those that differ in nothing
 * but their number are told once.
 *
 * @param kinds of ranks, operation by operation alike but for sizes
 */
public record StepTrace(List<Kind> kinds) {
  public StepTrace {
    kinds = List.copyOf(kinds);
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("a step of no ranks");
    }
    int operations = kinds.get(0).trace().operations().size();
    for (Kind kind : kinds) {
      if (kind.trace().operations().size() != operations) {
        throw new IllegalArgumentException(
            "rank %d has %d operations, expected %d as rank %d has"
                .formatted(
                    kind.trace().rank(),
                    kind.trace().operations().size(),
                    operations,
                    kinds.get(0).trace().rank()));
      }
    }
  }

  /** Number of all ranks. */
  public int ranks() {
    return kinds.stream().mapToInt(Kind::ranks).sum();
  }

  /** What one rank launches and sends. */
  public RankTrace of(int rank) {
    return kinds.stream()
        .filter(kind -> kind.members().contains(rank))
        .map(Kind::trace)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("rank " + rank + " is not in [0, " + ranks() + ")"));
  }

  /**
   * Ranks with the same sizes.
   *
   * @param trace of the first of them
   * @param members the ranks of this kind, ascending
   * @param memory what each has to hold
   */
  public record Kind(RankTrace trace, List<Integer> members, RankMemory memory) {
    public Kind {
      members = List.copyOf(members);
      if (members.isEmpty() || members.get(0) != trace.rank()) {
        throw new IllegalArgumentException(
            "ranks %s, expected those like rank %d, it first".formatted(members, trace.rank()));
      }
    }

    /** How many ranks there are of this kind. */
    public int ranks() {
      return members.size();
    }
  }
}
