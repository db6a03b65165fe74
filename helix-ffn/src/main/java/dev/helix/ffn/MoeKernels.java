package dev.helix.ffn;

import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * The operations that a mixture of experts adds to those of {@link FfnKernels}, under the same
 * rules. The experts of a rank are computed together: grouped GEMMs over rows that are sorted by
 * expert.
 *
 * @param <T> the reading's tensor
 */
public interface MoeKernels<T extends Tensor> {
  /**
   * x·Wᵀ with the weight of each row's expert (column-parallel).
   *
   * @param x {@code [batch, hidden]}: a row for each assignment
   * @param weights of each of the rank's experts {@code [gateUp, hidden]}
   * @return {@code [batch, gateUp]}
   */
  T groupedLinear(T x, List<T> weights, Dispatch dispatch);

  /**
   * The gated activation silu(gate) ⊙ up, times the weight with which the assignment counts.
   * Weighted here and not behind the down projection, so that what is summed over columns, experts
   * and ranks is one sum of products.
   *
   * @param gateUp {@code [batch, gateUp]}: a row for each assignment
   * @return {@code [batch, intermediate]}, half as wide
   */
  T weightedSwiGlu(T gateUp, Dispatch dispatch);

  /**
   * The down projection over this rank's columns of its experts, added up for each token: one term
   * of the sum over all ranks. Tokens without an assignment here get zeros.
   *
   * @param activated {@code [batch, intermediate]}: a row for each assignment
   * @param downs of each of the rank's experts {@code [hidden, intermediate]}
   * @param tokens rows of the step
   * @return {@code [shards=1, batch, hidden]}, a partial sum
   */
  T combineExperts(T activated, List<T> downs, Dispatch dispatch, int tokens);

  /**
   * The sum over the expert groups, in their order.
   *
   * @param stack {@code [shards, batch, hidden]}
   * @return {@code [batch, hidden]}
   */
  T sumShards(T stack);
}
