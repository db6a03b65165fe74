package dev.helix.runtime.sweep;

import dev.helix.runtime.timing.memory.GpuMemory;
import java.util.Comparator;

/**
 * A configuration that fits into memory, with its time.
 *
 * @param ttlMicros token-to-token latency (TTL) in the steady state
 * @param memory what the GPU that needs most memory holds
 */
public record Point(Configuration configuration, double ttlMicros, GpuMemory memory) {
  /** Fewer GPUs, then the smaller batch, then the simpler strategy, then HOP-B in fewer pieces. */
  static final Comparator<Point> SIMPLER =
      Comparator.comparingInt((Point point) -> point.configuration().plan().gpus())
          .thenComparingInt(point -> point.configuration().batch())
          .thenComparing(point -> point.configuration().plan().kind())
          .thenComparingInt(point -> point.configuration().hopB().pieces())
          .thenComparing(point -> point.configuration().toString());

  /** The bytes of all items of memory together. */
  public long memoryBytes() {
    return memory.totalBytes();
  }

  /** Tokens per second and user. */
  public double tokensPerSecondPerUser() {
    return 1e6 / ttlMicros;
  }

  /** Tokens per second and GPU that the configuration uses. */
  public double tokensPerSecondPerGpu() {
    return configuration.batch() * 1e6 / (ttlMicros * configuration.plan().gpus());
  }
}
