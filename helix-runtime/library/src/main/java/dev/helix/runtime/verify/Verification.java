package dev.helix.runtime.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The outcome of checking a run against the unsharded baseline.
 *
 * @param comparisons in the order of the program
 * @param tokens decoded tokens compared with the baseline's greedy choice
 * @param tokensAsBaseline those that are its choice; the others are near ties or in {@code
 *     problems}
 * @param routing choices of experts compared with the baseline's
 * @param problems what went wrong apart from the comparisons, each a line: a rank whose copy
 *     differs, a token that the baseline would not have chosen
 */
public record Verification(
    List<Comparison> comparisons,
    int tokens,
    int tokensAsBaseline,
    RoutingCheck routing,
    List<String> problems) {

  public Verification {
    comparisons = List.copyOf(comparisons);
    problems = List.copyOf(problems);
  }

  /** Whether every comparison met its bound and nothing else went wrong. */
  public boolean passed() {
    return failures().isEmpty();
  }

  /** Each thing that went wrong, in a line. Nothing compared at all is a failure too. */
  public List<String> failures() {
    List<String> failures = new ArrayList<>(problems);
    if (comparisons.isEmpty()) {
      failures.add("nothing was compared");
    }
    for (Comparison comparison : comparisons) {
      if (!comparison.report().passed()) {
        failures.add(comparison.place() + " (" + comparison.what() + "): " + comparison.report());
      }
    }
    return failures;
  }

  /** The largest share of its derived bound that any element took. */
  public double worstShare() {
    return derived().mapToDouble(c -> c.report().worstShare()).max().orElse(0);
  }

  /** The comparisons whose bounds are derived. */
  public Stream<Comparison> derived() {
    return comparisons.stream().filter(comparison -> !comparison.estimated());
  }
}
