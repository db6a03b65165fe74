package dev.helix.runtime.sharded.verdict;

import dev.helix.runtime.sharded.stages.Scope;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Known faults that explain wrong elements.
 *
 * @param scope the ranks whose elements are explained; of them all elements, or only those of the
 *     query tokens and heads in which anything is wrong
 * @param elements number of elements in the scope, right ones included
 * @param right number of them that are right as they are
 * @param best the faults that leave the fewest elements unexplained, equally few each; empty if
 *     none leaves fewer than are wrong without it
 * @param runnerUp the fault that leaves the fewest after these
 */
public record Explanation(
    Scope scope, long elements, long right, List<Fit> best, Optional<Fit> runnerUp) {
  /**
   * A fault.
   *
   * @param fault its name
   * @param explained number of elements within the bounds of a reference that has the fault
   * @param elements number of elements that were compared with it. It may differ from that of the
   *     right reference, because outputs of rows without tokens are not compared
   * @param speaking number of wrong elements that it explains and that tell it from no fault: it
   *     moves them by more than their bounds. At least 1, and counted up to about a thousand
   */
  public record Fit(String fault, long explained, long elements, long speaking) {
    /** Number of elements that are beyond the bounds all the same. */
    public long unexplained() {
      return elements - explained;
    }
  }

  public Explanation {
    best = List.copyOf(best);
  }

  /** The ranks whose elements are explained. */
  public SortedSet<Integer> ranks() {
    return new TreeSet<>(scope.ranks());
  }

  /** Whether a fault explains every element. */
  public boolean isWhole() {
    return !best.isEmpty() && best.get(0).unexplained() == 0;
  }
}
