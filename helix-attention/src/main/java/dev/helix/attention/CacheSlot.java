package dev.helix.attention;

import dev.helix.tensor.Tensor;

/**
 * Where a new token's key and value go.
 *
 * @param row the token's row in the step's batch
 * @param page the page of this rank that takes it
 * @param slot index along the page's slots
 */
public record CacheSlot<T extends Tensor>(int row, KvPage<T> page, int slot) {}
