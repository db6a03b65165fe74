package dev.helix.attention;

import dev.helix.tensor.Tensor;

/**
 * Room for the keys and values of a fixed number of tokens of one request on one rank. In latent
 * attention both are one tensor: the values are the first components of the keys.
 *
 * @param keys {@code [kvHeads, slots, headDim]}
 * @param values {@code [kvHeads, slots, headDim]}
 */
public record KvPage<T extends Tensor>(T keys, T values) {}
