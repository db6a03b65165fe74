package dev.helix.runtime.timing.memory;

import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.trace.CacheGrowth;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.DType;
import java.util.Arrays;

/**
 * How a GPU's memory grows with the context of all requests. Only the KV cache does; everything
 * else is what the traced step has.
 *
 * @param bytesPerToken bytes that each further token of every request adds on the GPU where it adds
 *     most. Ranks take turns, so this is an average over a round
 * @param largestContext the largest context with which every GPU keeps its reserve, 0 if there is
 *     none, and at most {@link StepQueries#MAX_CONTEXT}
 */
public record ContextGrowth(double bytesPerToken, int largestContext) {
  /**
   * The growth of a step.
   *
   * @param round after how many tokens of a request every rank has had its turn equally often
   */
  public static ContextGrowth of(
      Machine machine, StepTrace trace, MemoryReserve reserve, CacheGrowth caches, int round) {
    return new Growing(machine, trace, reserve, caches).over(round);
  }

  /** The bytes of each rank as a function of the context. */
  private static final class Growing {
    private final Machine machine;
    private final CacheGrowth caches;
    private final DType kv;
    private final long[] free;

    Growing(Machine machine, StepTrace trace, MemoryReserve reserve, CacheGrowth caches) {
      this.machine = machine;
      this.caches = caches;
      this.kv = trace.kinds().get(0).memory().kv();
      this.free = new long[trace.ranks()];
      StepMemory memory = StepMemory.of(machine, trace);
      for (int kind = 0; kind < memory.kinds().size(); kind++) {
        GpuMemory own = memory.kinds().get(kind);
        long others = own.totalBytes() - own.bytes(MemoryItem.KV_CACHE);
        for (int rank : trace.kinds().get(kind).members()) {
          free[rank] = reserve.usableBytes(machine.gpu()) - others;
        }
      }
    }

    ContextGrowth over(int round) {
      int context = caches.queries().context();
      int from = Math.min(context, StepQueries.MAX_CONTEXT - round);
      long[] before = bytes(from);
      long[] after = bytes(from + round);
      long most = 0;
      for (int rank = 0; rank < before.length; rank++) {
        most = Math.max(most, after[rank] - before[rank]);
      }
      return new ContextGrowth((double) most / round, largest(context));
    }

    /** Goes away from a context in steps that double, then halves what is left. */
    private int largest(int context) {
      long low = 0;
      long high = StepQueries.MAX_CONTEXT + 1L;
      long step = 1;
      if (fits(context)) {
        low = context;
        for (; low + step < high && fits(low + step); step *= 2) {
          low += step;
        }
        high = Math.min(high, low + step);
      } else {
        high = context;
        for (; high - step > low && !fits(high - step); step *= 2) {
          high -= step;
        }
        low = Math.max(low, high - step);
      }
      while (high - low > 1) {
        long middle = (low + high) / 2;
        if (fits(middle)) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return Math.toIntExact(low);
    }

    private boolean fits(long context) {
      long[] bytes = bytes(Math.toIntExact(context));
      for (int rank = 0; rank < bytes.length; rank++) {
        if (bytes[rank] > free[rank]) {
          return false;
        }
      }
      return true;
    }

    private long[] bytes(int context) {
      return Arrays.stream(caches.elements(context))
          .map(elements -> machine.bytes(kv, elements))
          .toArray();
    }
  }
}
