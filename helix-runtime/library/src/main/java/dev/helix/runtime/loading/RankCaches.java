package dev.helix.runtime.loading;

import dev.helix.attention.cache.KvStore;
import dev.helix.attention.cache.quantized.KvScales;
import dev.helix.attention.cache.quantized.QuantizedTokens;
import dev.helix.attention.cache.quantized.StoredTokens;
import dev.helix.tensor.formats.CacheFormat;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * How one rank keeps the KV caches of its layers.
 *
 * @param format the number format of the caches
 * @param scales the constant scales of each layer
 * @param stored takes in what the caches of each layer store; not called for FP64
 */
public record RankCaches(
    CacheFormat format, IntFunction<KvScales> scales, IntFunction<StoredTokens> stored) {
  /** Caches that keep numbers as they are. */
  public static final RankCaches UNQUANTIZED =
      new RankCaches(
          CacheFormat.FP64,
          layer -> KvScales.ONE,
          layer -> {
            throw new IllegalStateException("nothing is quantised");
          });

  /**
   * How the tokens of a layer are stored.
   *
   * @param firstKvHead the first KV head that the rank caches
   */
  public Optional<KvStore> store(int layer, int firstKvHead) {
    return format.quantizes()
        ? Optional.of(
            new QuantizedTokens(format, scales.apply(layer), firstKvHead, stored.apply(layer)))
        : Optional.empty();
  }
}
