package dev.helix.runtime.baseline;

import java.util.List;

/**
 * How the baseline's router judges another program's choice of experts for a token.
 *
 * @param own the baseline's choice from the same hidden state, the best first
 * @param weights the weights of the other program's choice, in its order
 * @param contradictions why rounding cannot explain that choice; empty if it can
 */
public record ReplayedRouting(
    List<Integer> own, BoundedValue weights, List<String> contradictions) {
  public ReplayedRouting {
    own = List.copyOf(own);
    contradictions = List.copyOf(contradictions);
  }
}
