package dev.helix.runtime.model;

import dev.helix.tensor.Tensor;

/**
 * The norms of one decoder layer.
 *
 * @param input {@code [hidden]}, before attention
 * @param postAttention {@code [hidden]}, before the FFN
 * @param epsilon ε of both norms
 */
public record LayerNorms<T extends Tensor>(T input, T postAttention, double epsilon) {}
