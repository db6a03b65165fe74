package dev.helix.runtime.timing.memory;

import dev.helix.runtime.timing.machine.Gpu;
import dev.helix.tensor.InvalidInputException;

/**
 * The part of a GPU's memory that a step may not fill, because the context of the driver, libraries
 * of collectives, captured graphs and fragmentation need some.
 *
 * @param percent percent of the memory, from 0 to below 100
 */
public record MemoryReserve(double percent) {
  /** A tenth, as serving programs keep it free by default. */
  public static final MemoryReserve DEFAULT = new MemoryReserve(10);

  public MemoryReserve {
    if (!(percent >= 0 && percent < 100)) {
      throw new InvalidInputException(
          "a reserve of memory: expected a percentage from 0 to below 100, got " + percent);
    }
  }

  /** The bytes that are kept free, rounded up. */
  public long bytes(Gpu gpu) {
    return (long) Math.ceil(gpu.memoryBytes() * percent / 100);
  }

  /** The bytes that a step may fill. */
  public long usableBytes(Gpu gpu) {
    return gpu.memoryBytes() - bytes(gpu);
  }
}
