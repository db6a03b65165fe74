package dev.helix.runtime.trace;

import dev.helix.tensor.DType;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much memory a rank needs for a model. It counts elements, because the machine decides what a
 * format adds to them (block scales).
 *
 * @param weights number of elements of each kind of weights in each number format
 * @param kv number format of the KV cache
 * @param kvElements number of elements of the KV cache of all layers and requests, with the step's
 *     tokens
 * @param results the results of operations that a step holds at once
 */
public record RankMemory(
    Map<WeightKind, Map<DType, Long>> weights, DType kv, long kvElements, LiveResults results) {
  public RankMemory {
    Map<WeightKind, Map<DType, Long>> copy = new EnumMap<>(WeightKind.class);
    weights.forEach((kind, elements) -> copy.put(kind, Map.copyOf(elements)));
    weights = Collections.unmodifiableMap(copy);
  }

  /** Number of elements of all weights in each number format. */
  public Map<DType, Long> weightElements() {
    Map<DType, Long> all = new EnumMap<>(DType.class);
    weights
        .values()
        .forEach(
            elements ->
                elements.forEach((dtype, count) -> all.merge(dtype, count, Math::addExact)));
    return all;
  }

  /** Bytes of weights and KV cache, without block scales. */
  public long bytes() {
    long bits = Math.multiplyExact(kvElements, (long) kv.bits());
    for (Map.Entry<DType, Long> own : weightElements().entrySet()) {
      long more = Math.multiplyExact(own.getValue(), (long) own.getKey().bits());
      bits = Math.addExact(bits, more);
    }
    return Math.addExact(bits, 7) / 8;
  }
}
