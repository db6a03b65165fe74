package dev.helix.runtime.loading;

import dev.helix.attention.cache.KvStore;
import dev.helix.attention.placement.KvPlacement;
import java.util.Optional;

/** Says how one rank keeps the KV caches of its layers. */
@FunctionalInterface
public interface RankCaches {
  /** Caches that keep numbers as they are. */
  RankCaches UNQUANTIZED = (layer, firstKvHead) -> Optional.empty();

  /**
   * The store for the tokens of a layer.
   *
   * @param firstKvHead the first KV head that the rank caches
   * @return empty if numbers are kept as they are
   */
  Optional<KvStore> store(int layer, int firstKvHead);

  /**
   * The placement that the rank assumes for the requests of a layer.
   *
   * @param agreed the placement that the ranks have agreed on
   */
  default KvPlacement placement(int layer, KvPlacement agreed) {
    return agreed;
  }
}
