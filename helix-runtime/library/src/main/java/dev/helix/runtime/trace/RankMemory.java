package dev.helix.runtime.trace;

import dev.helix.tensor.DType;
import java.util.Map;

/**
 * What a rank has to hold of a model: elements, as what a format adds to them (block scales) is the
 * machine's matter.
 *
 * @param weightElements by the precision in which they are deployed
 * @param kv precision of the KV cache
 * @param kvElements of the KV cache of all layers and requests, with the step's token
 */
public record RankMemory(Map<DType, Long> weightElements, DType kv, long kvElements) {
  public RankMemory {
    weightElements = Map.copyOf(weightElements);
  }

  /** Weights and KV cache, block scales not counted. */
  public long bytes() {
    long bits = Math.multiplyExact(kvElements, (long) kv.bits());
    for (Map.Entry<DType, Long> weights : weightElements.entrySet()) {
      long more = Math.multiplyExact(weights.getValue(), (long) weights.getKey().bits());
      bits = Math.addExact(bits, more);
    }
    return Math.addExact(bits, 7) / 8;
  }
}
