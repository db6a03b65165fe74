package dev.helix.runtime.timing.memory;

import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.trace.RankMemory;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.Map;

/**
 * The bytes that each item takes on one GPU. Scales of blocks are counted, and so is everything
 * that a step needs; what libraries need beside it is left to a {@link MemoryReserve}.
 */
public final class GpuMemory {
  private final long[] bytes;
  private final long total;

  private GpuMemory(long[] bytes) {
    this.bytes = bytes;
    this.total = Arrays.stream(bytes).reduce(0, Math::addExact);
  }

  /** The memory of each GPU of one kind of ranks. */
  static GpuMemory of(Machine machine, StepTrace.Kind kind) {
    RankMemory memory = kind.memory();
    long[] bytes = new long[MemoryItem.values().length];
    memory
        .weights()
        .forEach(
            (weights, elements) ->
                bytes[MemoryItem.of(weights).ordinal()] = bytes(machine, elements));
    bytes[MemoryItem.KV_CACHE.ordinal()] = machine.bytes(memory.kv(), memory.kvElements());
    bytes[MemoryItem.ACTIVATIONS.ordinal()] = bytes(machine, memory.results().activations());
    bytes[MemoryItem.WORKSPACE.ordinal()] = Workspace.bytes(machine, kind.trace());
    bytes[MemoryItem.EXCHANGE_BUFFERS.ordinal()] = bytes(machine, memory.results().received());
    return new GpuMemory(bytes);
  }

  private static long bytes(Machine machine, Map<DType, Long> elements) {
    long bytes = 0;
    for (Map.Entry<DType, Long> entry : elements.entrySet()) {
      bytes = Math.addExact(bytes, machine.bytes(entry.getKey(), entry.getValue()));
    }
    return bytes;
  }

  /** The bytes of an item. */
  public long bytes(MemoryItem item) {
    return bytes[item.ordinal()];
  }

  /** The bytes of all items together. */
  public long totalBytes() {
    return total;
  }

  /** The bytes of all kinds of weights. */
  public long weightBytes() {
    long weights = 0;
    for (MemoryItem item : MemoryItem.values()) {
      weights += item.isWeights() ? bytes(item) : 0;
    }
    return weights;
  }

  /**
   * The same with so many times the KV cache: that of other requests which are not in the step, as
   * those of other micro-batches are.
   */
  public GpuMemory withCachesTimes(int times) {
    long[] more = bytes.clone();
    more[MemoryItem.KV_CACHE.ordinal()] =
        Math.multiplyExact(bytes(MemoryItem.KV_CACHE), (long) times);
    return new GpuMemory(more);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GpuMemory memory && Arrays.equals(bytes, memory.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (MemoryItem item : MemoryItem.values()) {
      text.append(item).append(' ').append(bytes(item)).append(", ");
    }
    return text.append("in all ").append(total).append(" bytes").toString();
  }
}
