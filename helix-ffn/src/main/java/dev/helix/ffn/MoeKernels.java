package dev.helix.ffn;

import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * The operations that a mixture of experts adds to those of {@link FfnKernels}, under the same
 * rules. All experts of a rank are computed together, by grouped GEMMs over rows that are sorted by
 * expert.
 *
 * @param <T> the tensor type of the reading
 */
public interface MoeKernels<T extends Tensor> {
  /**
   * Computes x·Wᵀ, where each row has the weight of its expert (a column-parallel projection).
   *
   * @param x {@code [batch, hidden]}, with a row for each assignment
   * @param weights {@code [gateUp, hidden]} for each of the rank's experts
   * @return {@code [batch, gateUp]}
   */
  T groupedLinear(T x, List<T> weights, Dispatch dispatch);

  /**
   * Computes the gated activation silu(gate) ⊙ up, times the weight of the assignment. The weight
   * is applied here and not after the down projection, so that the sum over columns, experts and
   * ranks is one sum of products.
   *
   * @param gateUp {@code [batch, gateUp]}, with a row for each assignment
   * @return {@code [batch, intermediate]}, half as wide as {@code gateUp}
   */
  T weightedSwiGlu(T gateUp, Dispatch dispatch);

  /**
   * Computes the down projection over this rank's columns of its experts, and adds up the results
   * for each token. This is one term of the sum over all ranks. Tokens without an assignment here
   * get zeros.
   *
   * @param activated {@code [batch, intermediate]}, with a row for each assignment
   * @param downs {@code [hidden, intermediate]} for each of the rank's experts
   * @param tokens number of rows of the step
   * @return {@code [batch=tokens, hidden]}, a partial sum
   */
  T combineExperts(T activated, List<T> downs, Dispatch dispatch, int tokens);

  /**
   * Adds up the terms of each token, in the order of the rows, and so completes sums to which other
   * ranks have sent terms. A token without a row gets zeros.
   *
   * @param terms {@code [batch, hidden]}, partial sums of {@link #combineExperts}
   * @param tokenOfRow the token to which each row is a term
   * @param tokens number of tokens
   * @return {@code [batch=tokens, hidden]}
   */
  T sumByToken(T terms, List<Integer> tokenOfRow, int tokens);

  /**
   * Adds up the terms of each token where these sums are themselves terms of larger sums. It
   * relates to {@link #sumByToken} as {@link dev.helix.tensor.Kernels#partialLinear} relates to
   * {@link dev.helix.tensor.Kernels#linear}. A reading that rounds every sum does the same in both
   * methods.
   */
  default T partialSumByToken(T terms, List<Integer> tokenOfRow, int tokens) {
    return sumByToken(terms, tokenOfRow, tokens);
  }
}
