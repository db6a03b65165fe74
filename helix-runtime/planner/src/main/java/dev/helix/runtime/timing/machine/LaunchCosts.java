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
 * @param rampTime latency that grows with the part, but only up to the cap
 * @param experts what launches of experts have besides
 * @param attention what launches of attention have besides
 */
public record LaunchCosts(
    Constant overhead,
    Constant memoryEfficiency,
    Constant computeEfficiency,
    Constant leastArithmeticBits,
    Constant partTime,
    Constant rampTime,
    Constant rampCap,
    ExpertTimes experts,
    AttentionTimes attention) {
  /**
   * Further constants of experts; each is 0 if a preset does not say.
   *
   * @param activeTime time that each active expert adds to a launch, however narrow it is
   * @param heldTime time that each expert that the rank holds adds, active or not
   * @param rereadTime time of a megabyte of weights that is read again, once for each further 32
   *     rows of an expert, mostly from the L2 cache
   */
  public record ExpertTimes(Constant activeTime, Constant heldTime, Constant rereadTime) {
    static ExpertTimes read(ConstantFields fields) {
      return new ExpertTimes(
          fields.atLeastZeroOrAbsent("activeTime", Unit.MICROS),
          fields.atLeastZeroOrAbsent("heldTime", Unit.MICROS),
          fields.atLeastZeroOrAbsent("rereadTime", Unit.MICROS_PER_MEGABYTE));
    }
  }

  /**
   * Further constants of attention; each is 0 if a preset does not say.
   *
   * @param leastHeads number of query heads below which fewer heads save no arithmetic, because
   *     kernels fill tiles of that many
   * @param quantise time of the launch that quantises queries if the cache has at most 8 bits
   * @param l2Bandwidth bandwidth of a cache that stays in the L2 cache because a benchmark repeats
   *     the launch; in a step it does not
   */
  public record AttentionTimes(Constant leastHeads, Constant quantise, Constant l2Bandwidth) {
    static AttentionTimes read(ConstantFields fields) {
      return new AttentionTimes(
          fields.atLeastZeroOrAbsent("leastHeads", Unit.HEADS),
          fields.atLeastZeroOrAbsent("quantise", Unit.MICROS),
          fields.atLeastZeroOrAbsent("l2Bandwidth", Unit.TERABYTES_PER_SECOND));
    }
  }

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
          ExpertTimes.read(fields),
          AttentionTimes.read(fields));
    }
  }
}
