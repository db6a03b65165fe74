package dev.helix.attention.merge;

import dev.helix.tensor.exact.ExactSums;
import java.util.List;

/**
 * The merge of the {@code exact} reading. A part's state is a pair of exact sums over its tokens,
 * (Σ pⱼ·vⱼ, Σ pⱼ), both with absolute exponents. The merge adds the pairs and rounds their quotient
 * once: O = Σᵢ Vᵢ / Σᵢ Lᵢ, which is the paper's Σ exp(LSEᵢ − LSE)·Oᵢ (Helix Parallelism §2.1) with
 * Lᵢ = exp(LSEᵢ) and Vᵢ = Lᵢ·Oᵢ.
 *
 * <p>States add as integers do. So the merge is associative and commutative bit for bit, the empty
 * state (0, 0) is its identity, and any partition of the tokens, in any order and bracketing, gives
 * the same output. One object merges the states of one row.
 */
public final class ExactMerge {
  private final ExactSums weights;

  /**
   * Prepares the merge of one row.
   *
   * @param weights Σ pⱼ of every head of the row, for each part; not changed
   */
  public ExactMerge(List<ExactSums> weights) {
    this.weights = sum(weights);
  }

  /**
   * Merges one head of the row.
   *
   * @param values Σ pⱼ·vⱼ of that head by component, for each part; not changed
   * @return {@code [headDim]}; zeros if no part has tokens
   * @throws dev.helix.tensor.exact.ExactRangeException if a quotient rounds to no finite double
   */
  public double[] merge(int head, List<ExactSums> values) {
    double[] merged = new double[values.get(0).size()];
    if (!weights.isZero(head)) {
      ExactSums total = sum(values);
      for (int i = 0; i < merged.length; i++) {
        merged[i] = total.roundQuotient(i, weights, head);
      }
    }
    return merged;
  }

  private static ExactSums sum(List<ExactSums> parts) {
    ExactSums sum = new ExactSums(parts.get(0).size());
    parts.forEach(sum::add);
    return sum;
  }
}
