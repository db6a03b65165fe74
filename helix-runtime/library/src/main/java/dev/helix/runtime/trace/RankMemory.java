package dev.helix.runtime.trace;

import dev.helix.tensor.DType;
import java.util.Map;

/**
 * How much memory a rank needs for a model. It counts elements, because the machine decides what a
 * format adds to them (block scales).
 *
 * @param weightElements number of elements of weights in each number format
 * @param kv number format of the KV cache
 * @param kvElements number of elements of the KV cache of all layers and requests, with the step's
 *     token
 */
public record RankMemory(Map<DType, Long> weightElements, DType kv, long kvElements) {
  public RankMemory {
    weightElements = Map.copyOf(weightElements);
  }

  /** Bytes of weights and KV cache, without block scales. */
  public long bytes() {
    long bits = Math.multiplyExact(kvElements, (long) kv.bits());
    for (Map.Entry<DType, Long> weights : weightElements.entrySet()) {
      long more = Math.multiplyExact(weights.getValue(), (long) weights.getKey().bits());
      bits = Math.addExact(bits, more);
    }
    return Math.addExact(bits, 7) / 8;
  }
}
