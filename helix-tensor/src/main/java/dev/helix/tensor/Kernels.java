package dev.helix.tensor;

import dev.helix.tensor.program.Purpose;
import java.util.List;

/**
 * The vocabulary of one rank's computations: what the Helix decode step is written in, and what
 * each reading interprets. The attention and FFN modules add the operations of their own.
 *
 * <p>Rules that every reading keeps:
 *
 * <ul>
 *   <li>One method is one launch on the GPU. {@link #constant}, {@link #rows}, {@link #stackRows}
 *       and {@link #toHost} are none.
 *   <li>Operands must belong to this rank; the result does too.
 *   <li>Axis names and sizes are checked; a mismatch is an {@link IllegalArgumentException} that
 *       names the operation and both operands.
 *   <li>The result's dtype is that of the activations, never silently that of the weights.
 * </ul>
 *
 * @param <T> the reading's tensor
 */
public interface Kernels<T extends Tensor> {
  /** The rank that these kernels run on. */
  int rank();

  /** Puts weights on this rank: no launch, done before the first step. */
  T constant(Spec spec, WeightSlice slice);

  /**
   * Token embedding.
   *
   * @param table {@code [vocabulary, hidden]}
   * @param tokens ids in {@code [0, vocabulary)}, one for each query token of the step
   * @return {@code [batch, hidden]}
   */
  T embed(T table, int[] tokens);

  /**
   * Root-mean-square normalisation, y = x / √(mean(x²) + ε) · w, over the innermost axis.
   *
   * @param x {@code [batch, hidden]}, or a compressed query {@code [batch, queryLatent]}
   * @param weight over the innermost axis of x
   */
  T rmsNorm(Purpose purpose, T x, T weight, double epsilon);

  /**
   * x·Wᵀ where no layout splits the contracted axis (a column-parallel projection, as Megatron
   * calls it, after which nothing has to be added).
   *
   * @param x {@code [batch, in]}; more than one axis after the first is read as one
   * @param weight {@code [out, in]}, as Hugging Face stores a linear layer
   * @return {@code [batch, out]}, named as the weight's first axis
   */
  T linear(Purpose purpose, T x, T weight);

  /**
   * x·Wᵀ over this rank's part of the contracted axis (row-parallel): one term of a sum that {@link
   * Collectives#allReduce} completes. Apart from {@link #linear} because a reading may carry the
   * term unrounded until all have arrived.
   *
   * @param x {@code [batch, in]}; more than one axis after the first is read as one
   * @param weight {@code [out, in]}
   * @return {@code [batch, out]}, a partial sum
   */
  T partialLinear(Purpose purpose, T x, T weight);

  /** x + y of the same axes: the residual connection. */
  T add(Purpose purpose, T x, T y);

  /**
   * Some of the query tokens of a step, in the order given.
   *
   * @param x {@code [batch, hidden]}
   * @param rows indices into {@code batch}
   */
  T selectRows(Purpose purpose, T x, int[] rows);

  /**
   * The rows {@code [from, to)} of a batch where they stand: no launch, a GPU kernel is given their
   * address.
   *
   * @param x {@code [batch, ..]}
   * @return {@code [batch=to − from, ..]}
   */
  T rows(T x, int from, int to);

  /**
   * The rows of several batches as one, in the order given: no launch, GPU kernels write their rows
   * where they belong in one result.
   *
   * @param parts at least one, each {@code [batch, ..]} with the same other axes
   * @return {@code [batch, ..]}, as many rows as all parts together
   */
  T stackRows(List<T> parts);

  /**
   * The tensor {@code x} where what is done with it depends on numbers of {@code decision} (which
   * tokens go to which expert): no launch. A reading that only lists operations has to know it; for
   * the others {@code x} is all there is.
   */
  default T after(T x, T decision) {
    return x;
  }

  /** The numbers of {@code x}, row-major: for sampling, reports and comparisons. */
  double[] toHost(T x);
}
