package dev.helix.tensor;

import dev.helix.tensor.program.Purpose;
import java.util.List;

/**
 * The operations that one rank computes, from which the decode program is built. Each reading
 * implements them in its own way. The attention and FFN modules add operations of their own.
 *
 * <p>Every reading keeps these rules:
 *
 * <ul>
 *   <li>One method is one launch on the GPU, except {@link #constant}, {@link #rows}, {@link
 *       #stackRows}, {@link #after} and {@link #toHost}, which launch nothing.
 *   <li>Operands must belong to this rank, and the result belongs to it.
 *   <li>Axis names and sizes are checked; a mismatch is an {@link IllegalArgumentException} that
 *       names the operation and both operands.
 *   <li>The result has the dtype of the activations, never silently that of the weights.
 * </ul>
 *
 * @param <T> the tensor type of the reading
 */
public interface Kernels<T extends Tensor> {
  /** The rank that these kernels run on. */
  int rank();

  /** Puts weights on this rank. This is done before the first step and launches nothing. */
  T constant(Spec spec, WeightSlice slice);

  /**
   * Looks up the embeddings of tokens.
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
   * Computes x·Wᵀ where no layout splits the contracted axis, so that nothing has to be added
   * afterwards. Megatron calls this a column-parallel projection.
   *
   * @param x {@code [batch, in]}; more than one axis after the first is read as one
   * @param weight {@code [out, in]}, as Hugging Face stores a linear layer
   * @return {@code [batch, out]}, named as the weight's first axis
   */
  T linear(Purpose purpose, T x, T weight);

  /**
   * Computes x·Wᵀ over this rank's part of the contracted axis (a row-parallel projection). The
   * result is one term of a sum that {@link Collectives#allReduce} completes. It has a method apart
   * from {@link #linear} because a reading may carry the term unrounded until all terms have
   * arrived.
   *
   * @param x {@code [batch, in]}; more than one axis after the first is read as one
   * @param weight {@code [out, in]}
   * @return {@code [batch, out]}, a partial sum
   */
  T partialLinear(Purpose purpose, T x, T weight);

  /** Computes x + y, for operands of the same axes: the residual connection. */
  T add(Purpose purpose, T x, T y);

  /**
   * Computes x + y, for operands of the same axes, where both are terms of one sum and the result
   * is a term of it again. It relates to {@link #add} as {@link #partialLinear} relates to {@link
   * #linear}: it is one launch like {@code add}, but a reading that carries terms unrounded does
   * not round here either.
   */
  default T partialAdd(Purpose purpose, T x, T y) {
    return add(purpose, x, y);
  }

  /**
   * Copies some of the query tokens of a step into a new tensor, in the order given.
   *
   * @param x {@code [batch, hidden]}
   * @param rows indices into {@code batch}
   */
  T selectRows(Purpose purpose, T x, int[] rows);

  /**
   * The rows {@code [from, to)} of a batch, not copied. This launches nothing: a GPU kernel is
   * given their address.
   *
   * @param x {@code [batch, ..]}
   * @return {@code [batch=to − from, ..]}
   */
  T rows(T x, int from, int to);

  /**
   * The rows of several batches as one batch, in the order given. This launches nothing: on a GPU,
   * the kernels that make the parts write their rows into one result.
   *
   * @param parts at least one tensor {@code [batch, ..]}; all have the same other axes
   * @return {@code [batch, ..]}, with as many rows as all parts together
   */
  T stackRows(List<T> parts);

  /**
   * Returns {@code x} and states that what is done with it depends on the numbers of {@code
   * decision}, for example on which tokens go to which expert. This launches nothing. Only a
   * reading that lists operations and their dependencies needs to know it; all others return {@code
   * x} itself.
   */
  default T after(T x, T decision) {
    return x;
  }

  /** The numbers of {@code x}, row-major, for sampling, reports and comparisons. */
  double[] toHost(T x);
}
