package dev.helix.attention;

import dev.helix.tensor.Tensor;

/**
 * A page of the KV cache, with slots for a fixed number of tokens of one request on one rank. In
 * latent attention both tensors are one: the values are the first components of the keys.
 *
 * @param keys {@code [kvHeads, slots, headDim]}
 * @param values {@code [kvHeads, slots, headDim]}
 */
public record KvPage<T extends Tensor>(T keys, T values) {}
