package dev.helix.runtime.decode;

import dev.helix.attention.AttentionWeights;
import dev.helix.ffn.DenseFfnWeights;
import dev.helix.tensor.Tensor;

/**
 * One rank's weights of one decoder layer.
 *
 * @param inputNorm {@code [hidden]}, before attention
 * @param postAttentionNorm {@code [hidden]}, before the FFN
 */
record LayerWeights<T extends Tensor>(
    T inputNorm, AttentionWeights<T> attention, T postAttentionNorm, DenseFfnWeights<T> ffn) {}
