package dev.helix.runtime.timing.machine;

import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The constants of launches of one family. A launch costs overhead + min(rampCap, part · rampTime)
 * + max(bytes / (HBM · memoryEfficiency), flops / (peak · computeEfficiency), part · partTime).
 *
 * <p>The part is the number of bytes that one group of the GPU's processors has to go through by
 * itself, however many other groups there are. In a GEMM they are the weights of 128 output
 * columns, and in attention what one request has in the cache for one KV head.
 *
 * @param leastArithmeticBits width of the narrowest format in which kernels of the family compute;
 *     narrower numbers are widened first
 * @param partTime time that a part takes at best
 * @param expertTime time that each active expert adds to a launch, however narrow it is; 0 if a
 *     preset does not say
 * @param leastHeads number of query heads below which fewer heads save no arithmetic, because
 *     kernels fill tiles of that many; 0 if a preset does not say
 * @param rampTime latency that grows with the part, but only up to the cap
 */
public record LaunchCosts(
    Constant overhead,
    Constant memoryEfficiency,
    Constant computeEfficiency,
    Constant leastArithmeticBits,
    Constant partTime,
    Constant rampTime,
    Constant rampCap,
    Constant expertTime,
    Constant leastHeads) {
  /** The number format whose peak bounds arithmetic on operands stored in {@code stored}. */
  public DType computedIn(DType stored) {
    if (stored.bits() >= leastArithmeticBits.value()) {
      return stored;
    }
    return Arrays.stream(DType.values())
        .filter(dtype -> dtype.bits() >= leastArithmeticBits.value())
        .min(Comparator.comparingInt(DType::bits))
        .orElse(DType.F64);
  }

  static LaunchCosts read(ConstantFields fields) {
    try (fields) {
      return new LaunchCosts(
          fields.atLeastZero("overhead", Unit.MICROS),
          fields.fraction("memoryEfficiency"),
          fields.fraction("computeEfficiency"),
          fields.positive("leastArithmeticBits", Unit.BITS),
          fields.atLeastZero("partTime", Unit.MICROS_PER_MEGABYTE),
          fields.atLeastZero("rampTime", Unit.MICROS_PER_MEGABYTE),
          fields.atLeastZero("rampCap", Unit.MICROS),
          fields.atLeastZeroOrAbsent("expertTime", Unit.MICROS),
          fields.atLeastZeroOrAbsent("leastHeads", Unit.HEADS));
    }
  }
}
