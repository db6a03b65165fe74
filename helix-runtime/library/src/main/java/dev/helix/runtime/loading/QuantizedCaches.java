package dev.helix.runtime.loading;

import dev.helix.attention.cache.KvStore;
import dev.helix.attention.cache.quantized.KvScales;
import dev.helix.attention.cache.quantized.QuantizedTokens;
import dev.helix.attention.cache.quantized.StoredTokens;
import dev.helix.tensor.formats.CacheFormat;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The caches of one rank in a narrower number format.
 *
 * @param format a format that quantises
 * @param scales the constant scales of each layer
 * @param stored takes in what the caches of each layer store
 */
public record QuantizedCaches(
    CacheFormat format, IntFunction<KvScales> scales, IntFunction<StoredTokens> stored)
    implements RankCaches {
  @Override
  public Optional<KvStore> store(int layer, int firstKvHead) {
    return Optional.of(
        new QuantizedTokens(format, scales.apply(layer), firstKvHead, stored.apply(layer)));
  }
}
