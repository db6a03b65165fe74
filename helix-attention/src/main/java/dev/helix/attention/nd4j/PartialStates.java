package dev.helix.attention.nd4j;

import dev.helix.attention.PartialAttention;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.fp64.Nd4jViews;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Partial attention as ND4J arrays. Outputs are normalised over their part of the tokens. The
 * natural log-sum-exp of the part's scores gives the weight of the part in the merge. A part
 * without tokens has output 0, and its log-sum-exp is −∞, or the sink if the part has one.
 *
 * <p>Both arrays have type DOUBLE and order 'c', and are views of the rank's memory: see {@link
 * Nd4jViews}.
 *
 * @param output O: {@code [batch, heads, headDim]}, or {@code [shards, batch, heads, headDim]}
 *     after the all-to-all
 * @param lse {@code [batch, heads]}, or {@code [shards, batch, heads]}
 */
public record PartialStates(INDArray output, INDArray lse) {
  static PartialStates of(PartialAttention<Fp64Tensor> partial) {
    return new PartialStates(Nd4jViews.viewOf(partial.output()), Nd4jViews.viewOf(partial.lse()));
  }
}
