package dev.helix.runtime.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The outcome of checking a run against the unsharded baseline.
 *
 * @param comparisons in the order of the program
 * @param tokens number of decoded tokens that were compared with the baseline's greedy choice
 * @param tokensAsBaseline number of tokens that are the baseline's choice; the others are near
 *     ties, or in {@code problems}
 * @param routing the comparison of the choices of experts
 * @param problems what went wrong apart from the comparisons, one line each: a rank whose copy
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

  /**
   * Everything that went wrong, one line each. It is a failure, too, if nothing was compared at
   * all.
   */
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
