package dev.helix.attention.helix;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;

/**
 * One rank's weights of a layer of grouped-query attention.
 *
 * @param qkv {@code [qkv, hidden]}: the rows of this rank's query heads (Q/TPA), then those of its
 *     keys, then of its values (K/TPA each)
 * @param output {@code [hidden, headsByDim]}: the columns of the Q/N query heads that the rank owns
 *     after the all-to-all
 */
public record AttentionWeights<T extends Tensor>(T qkv, T output) {
  public AttentionWeights {
    qkv.spec().require("attention weights", Axis.QKV, Axis.HIDDEN);
    output.spec().require("attention weights", Axis.HIDDEN, Axis.HEADS_BY_DIM);
  }
}
