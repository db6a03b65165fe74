package dev.helix.attention;

import dev.helix.tensor.Tensor;

/**
 * A page of the KV cache, with slots for a fixed number of tokens of one request on one rank. In
 * latent attention both tensors are one: the values are the first components of the keys.
 *
 * @param keys {@code [kvHeads, slots, headDim]}
 * @param values {@code [kvHeads, slots, headDim]}
 */
public record KvPage<T extends Tensor>(T keys, T values) {
  /** The tensor that holds a part of each token; an entry is in the keys. */
  public T holding(TokenStore.Part part) {
    return part == TokenStore.Part.VALUE ? values : keys;
  }
}
