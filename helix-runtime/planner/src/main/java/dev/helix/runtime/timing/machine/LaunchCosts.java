package dev.helix.runtime.timing.machine;

import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.Comparator;

/**
 * What a launch of one family costs: overhead + min(rampCap, part · rampTime) + max(bytes / (HBM ·
 * memoryEfficiency), flops / (peak · computeEfficiency), part · partTime).
 *
 * <p>The part is what one group of the GPU's processors has to go through by itself, however many
 * others there are: in a GEMM the weights of 128 output columns, in attention what one request has
 * in the cache for one KV head.
 *
 * @param leastArithmeticBits width of the narrowest precision that kernels of the family compute
 *     in; what is stored narrower is widened first
 * @param partTime how fast a part can be gone through at best
 * @param rampTime latency that grows with the part, and only up to the cap
 */
public record LaunchCosts(
    Constant overhead,
    Constant memoryEfficiency,
    Constant computeEfficiency,
    Constant leastArithmeticBits,
    Constant partTime,
    Constant rampTime,
    Constant rampCap) {
  /** The precision whose peak bounds the arithmetic of operands stored in {@code stored}. */
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
          fields.atLeastZero("rampCap", Unit.MICROS));
    }
  }
}
