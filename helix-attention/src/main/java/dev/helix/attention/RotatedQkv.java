package dev.helix.attention;

import dev.helix.tensor.Tensor;

/**
 * The projections of a step after the rotary embedding, split into heads.
 *
 * @param queries {@code [batch, heads, headDim]}, rotated
 * @param keys {@code [batch, kvHeads, headDim]}, rotated
 * @param values {@code [batch, kvHeads, headDim]}
 */
public record RotatedQkv<T extends Tensor>(T queries, T keys, T values) {}
