package dev.helix.tensor.trace;

import java.util.List;

/**
 * A set of ranks that run the same operations with the same sizes, so that one trace describes all.
 *
 * <p>All members launch the same operations, of the same sizes, and exchange with ranks of the same
 * kinds. Only their groups differ from those of the first member, whose trace stands for all. So a
 * reader of the trace takes each rank of a group for the kind it belongs to.
 *
 * @param trace the trace of the first member
 * @param members the ranks of this kind, ascending
 */
public record RankKind(RankTrace trace, List<Integer> members) {
  public RankKind {
    members = List.copyOf(members);
    if (members.isEmpty() || members.get(0) != trace.rank()) {
      throw new IllegalArgumentException(
          "ranks %s, expected those like rank %d, it first".formatted(members, trace.rank()));
    }
  }

  /** A kind with one rank, if no other rank is like it. */
  public static RankKind single(RankTrace trace) {
    return new RankKind(trace, List.of(trace.rank()));
  }

  /** The rank whose trace it is. */
  public int rank() {
    return trace.rank();
  }

  /** What each rank of this kind launches and sends, in the order of the program. */
  public List<Operation> operations() {
    return trace.operations();
  }
}
