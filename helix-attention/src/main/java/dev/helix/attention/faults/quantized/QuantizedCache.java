package dev.helix.attention.faults.quantized;

import dev.helix.attention.cache.quantized.KvScales;
import dev.helix.attention.cache.quantized.StoredTokens;
import dev.helix.tensor.formats.CacheFormat;

/**
 * What a healthy quantised cache of one layer on one rank is made from.
 *
 * @param format the format of the cache
 * @param scales the constant scales of the layer
 * @param firstKvHead the first KV head of the layer that the rank caches
 * @param stored takes in the bits
 */
public record QuantizedCache(
    CacheFormat format, KvScales scales, int firstKvHead, StoredTokens stored) {}
