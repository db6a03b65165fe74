package dev.helix.runtime.fault;

import dev.helix.attention.cache.KvStore;
import dev.helix.attention.faults.AttentionFault;
import dev.helix.attention.faults.RankRole;
import dev.helix.attention.faults.quantized.QuantizationFault;
import dev.helix.attention.faults.quantized.QuantizedCache;
import dev.helix.attention.faults.quantized.StorageFault;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.runtime.loading.QuantizedCaches;
import dev.helix.runtime.loading.RankCaches;
import dev.helix.tensor.faults.Fault;
import java.util.Optional;

/**
 * The KV caches of one rank with a fault of their placement or of their number format. Faults of
 * other parts leave them as they are.
 */
record FaultyCaches(Fault fault, FaultSite site, RankRole role, RankCaches healthy)
    implements RankCaches {
  @Override
  public Optional<KvStore> store(int layer, int firstKvHead) {
    return fault instanceof StorageFault of && site.hasLayer(layer)
        ? stored(of.change(), healthy, layer, firstKvHead)
        : healthy.store(layer, firstKvHead);
  }

  @Override
  public KvPlacement placement(int layer, KvPlacement agreed) {
    return fault instanceof AttentionFault of && site.hasLayer(layer)
        ? of.placement(role, agreed)
        : healthy.placement(layer, agreed);
  }

  static Optional<KvStore> stored(
      QuantizationFault change, RankCaches healthy, int layer, int firstKvHead) {
    return healthy instanceof QuantizedCaches of
        ? Optional.of(
            change.in(
                new QuantizedCache(
                    of.format(), of.scales().apply(layer), firstKvHead, of.stored().apply(layer))))
        : healthy.store(layer, firstKvHead);
  }
}
