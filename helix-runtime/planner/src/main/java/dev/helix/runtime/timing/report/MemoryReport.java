package dev.helix.runtime.timing.report;

import dev.helix.runtime.timing.machine.Gpu;
import dev.helix.runtime.timing.memory.ContextGrowth;
import dev.helix.runtime.timing.memory.GpuMemory;
import dev.helix.runtime.timing.memory.MemoryItem;
import dev.helix.runtime.timing.memory.MemoryReserve;
import dev.helix.runtime.timing.memory.StepMemory;
import dev.helix.runtime.trace.StepTrace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a step takes of the memory of GPUs, as {@code helix time --json} writes it. Component names
 * are the names of the JSON fields.
 *
 * @param fullest the GPUs that need most
 * @param capacity what a GPU has
 * @param growth how the memory grows with the context
 * @param kinds what the GPUs of each kind of ranks hold; the fullest are among them
 */
public record MemoryReport(
    Held fullest, Capacity capacity, ContextGrowth growth, List<Held> kinds) {
  /** The memory of a step. */
  public static MemoryReport of(StepTime time, MemoryReserve reserve, ContextGrowth growth) {
    StepMemory memory = time.memory();
    List<StepTrace.Kind> ranks = time.trace().kinds();
    List<Held> kinds =
        IntStream.range(0, ranks.size())
            .mapToObj(kind -> Held.of(ranks.get(kind).members(), memory.kinds().get(kind)))
            .toList();
    Held fullest = kinds.get(memory.fullestKind());
    Gpu gpu = time.machine().gpu();
    return new MemoryReport(fullest, Capacity.of(gpu, reserve), growth, kinds);
  }

  /** Bytes that neither the step nor the reserve takes on the fullest GPU; negative if too few. */
  long freeBytes() {
    return capacity.bytes() - capacity.reserveBytes() - fullest.totalBytes();
  }

  /**
   * What one GPU holds.
   *
   * @param ranks the ranks that hold so much, ascending
   * @param items bytes of each item, of which the total is the sum
   */
  public record Held(List<Integer> ranks, Map<String, Long> items, long totalBytes) {
    static Held of(List<Integer> ranks, GpuMemory memory) {
      Map<String, Long> items = new LinkedHashMap<>();
      for (MemoryItem item : MemoryItem.values()) {
        items.put(item.field(), memory.bytes(item));
      }
      return new Held(ranks, items, memory.totalBytes());
    }
  }

  /**
   * The memory of a GPU.
   *
   * @param reserveBytes what of it a step may not fill
   */
  public record Capacity(long bytes, long reserveBytes) {
    static Capacity of(Gpu gpu, MemoryReserve reserve) {
      return new Capacity(gpu.memoryBytes(), reserve.bytes(gpu));
    }
  }
}
