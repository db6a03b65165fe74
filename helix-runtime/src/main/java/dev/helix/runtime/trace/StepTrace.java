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

  /**
   * Ranks with the same sizes.
   *
   * @param trace of one of them
   * @param ranks how many there are
   * @param memory what each has to hold
   */
  public record Kind(RankTrace trace, int ranks, RankMemory memory) {
    public Kind {
      if (ranks < 1) {
        throw new IllegalArgumentException("a kind of " + ranks + " ranks, expected at least 1");
      }
    }
  }
}
