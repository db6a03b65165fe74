package dev.helix.runtime.timing.memory;

import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.trace.StepTrace;
import java.util.List;

/**
 * The memory that a step takes on the GPUs of each kind of ranks. It is made once from a trace, of
 * which two layers of each kind are enough; after that every question is answered from sums.
 *
 * @param kinds the memory of a GPU of each kind, in the order of the trace
 */
public record StepMemory(List<GpuMemory> kinds) {
  public StepMemory {
    kinds = List.copyOf(kinds);
  }

  /** The memory that a traced step takes on a machine. */
  public static StepMemory of(Machine machine, StepTrace trace) {
    return new StepMemory(
        trace.kinds().stream()
            .map(kind -> GpuMemory.of(machine, kind.memory(), kind.trace().operations()))
            .toList());
  }

  /** The memory of the GPU that needs most, the first of them if several do. */
  public GpuMemory fullest() {
    return kinds.get(fullestKind());
  }

  /** Index of the kind of ranks whose GPUs need most. */
  public int fullestKind() {
    int fullest = 0;
    for (int kind = 1; kind < kinds.size(); kind++) {
      fullest = kinds.get(kind).totalBytes() > kinds.get(fullest).totalBytes() ? kind : fullest;
    }
    return fullest;
  }

  /** The most weights that a GPU has. */
  public long weightBytes() {
    return kinds.stream().mapToLong(GpuMemory::weightBytes).max().orElseThrow();
  }

  /**
   * The same with so many times the KV cache and nothing else more. This is the memory of a
   * pipeline whose stages hold the caches of so many micro-batches and compute one, exactly. It is
   * a lower bound for a step with so many times the requests, from which one can tell without a
   * trace that they do not fit.
   */
  public StepMemory withCachesTimes(int times) {
    return times == 1
        ? this
        : new StepMemory(kinds.stream().map(kind -> kind.withCachesTimes(times)).toList());
  }

  /** The bytes that {@link #withCachesTimes} has on the GPU that then needs most. */
  public long bytesWithCachesTimes(int times) {
    long most = 0;
    for (GpuMemory kind : kinds) {
      most = Math.max(most, kind.totalWithCachesTimes(times));
    }
    return most;
  }

  /** Whether every GPU has room for this beside a reserve. */
  public boolean fits(Machine machine, MemoryReserve reserve) {
    return fullest().totalBytes() <= reserve.usableBytes(machine.gpu());
  }
}
