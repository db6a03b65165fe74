package dev.helix.runtime.timing.memory;

import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.trace.RankMemory;
import dev.helix.tensor.DType;
import dev.helix.tensor.trace.Operation;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The bytes that each item takes on one GPU. Scales of blocks are counted, and so is everything
 * that a step needs; what libraries need beside it is left to a {@link MemoryReserve}.
 */
public final class GpuMemory {
  private final Map<MemoryItem, Long> bytes;
  private final long total;

  private GpuMemory(Map<MemoryItem, Long> bytes) {
    this.bytes = bytes;
    this.total = bytes.values().stream().mapToLong(Long::longValue).reduce(0, Math::addExact);
  }

  /**
   * The memory of a GPU.
   *
   * @param operations what its rank launches and sends; of operations that do the same work one is
   *     enough
   */
  public static GpuMemory of(Machine machine, RankMemory memory, List<Operation> operations) {
    Map<MemoryItem, Long> bytes = new EnumMap<>(MemoryItem.class);
    memory
        .weights()
        .forEach(
            (weights, elements) -> bytes.put(MemoryItem.of(weights), bytes(machine, elements)));
    bytes.put(MemoryItem.KV_CACHE, machine.bytes(memory.kv(), memory.kvElements()));
    bytes.put(MemoryItem.ACTIVATIONS, bytes(machine, memory.results().activations()));
    bytes.put(MemoryItem.WORKSPACE, Workspace.bytes(machine, operations));
    bytes.put(MemoryItem.EXCHANGE_BUFFERS, bytes(machine, memory.results().received()));
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
    return bytes.getOrDefault(item, 0L);
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

  /** The bytes of all items together with so many times the KV cache. */
  long totalWithCachesTimes(int times) {
    return Math.addExact(total, Math.multiplyExact(bytes(MemoryItem.KV_CACHE), times - 1L));
  }

  /**
   * The same with so many times the KV cache: that of other requests which are not in the step, as
   * those of other micro-batches are.
   */
  public GpuMemory withCachesTimes(int times) {
    if (times == 1) {
      return this;
    }
    Map<MemoryItem, Long> more = new EnumMap<>(bytes);
    more.put(MemoryItem.KV_CACHE, Math.multiplyExact(bytes(MemoryItem.KV_CACHE), (long) times));
    return new GpuMemory(more);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GpuMemory memory && bytes.equals(memory.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
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
