package dev.helix.runtime.sharded.verdict;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Known faults that explain wrong elements.
 *
 * @param ranks the ranks whose elements are explained
 * @param elements number of elements of these ranks, right ones included
 * @param right number of them that are right as they are
 * @param best the faults that explain the most elements, equally many each; empty if none explains
 *     more than is right already
 * @param runnerUp the fault that explains the most after these
 */
public record Explanation(
    SortedSet<Integer> ranks, long elements, long right, List<Fit> best, Optional<Fit> runnerUp) {
  /**
   * A fault.
   *
   * @param fault its name
   * @param explained number of elements within the bounds of a reference that has the fault
   */
  public record Fit(String fault, long explained) {}

  public Explanation {
    ranks = new TreeSet<>(ranks);
    best = List.copyOf(best);
  }

  /** Whether a fault explains every element. */
  public boolean isWhole() {
    return !best.isEmpty() && best.get(0).explained() == elements;
  }
}
