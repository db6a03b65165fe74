package dev.helix.attention.nd4j;

import dev.helix.attention.PartialAttention;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.fp64.Nd4jViews;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Partial attention as ND4J arrays: outputs normalised over their part of the tokens, and the
 * natural log-sum-exp of the part's scores, which is the weight of each in the merge. A part
 * without tokens has output 0 and log-sum-exp −∞; a sink that it brings is its log-sum-exp.
 *
 * <p>Both are of type DOUBLE and order 'c', and views of the rank's memory: {@link Nd4jViews}.
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
