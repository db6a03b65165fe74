package dev.helix.runtime.timing.machine;

/**
 * The constants of one program's GEMMs with weights in one number format. The processors of the GPU
 * compute tiles of 128 rows and 128 columns, and each loops over its part of the inner dimension k.
 * So a GEMM of m rows costs
 *
 * <p>overhead + quantise + m·k · rowTime + max(bytes / (HBM · memoryEfficiency), flops / (peak ·
 * u), k/split · loopTime · waves)
 *
 * <p>with waves = max(1, tiles / processors) and split = min(splitK, processors / tiles), at least
 * 1, and u the efficiency of arithmetic that the preset states for GEMMs. The loop costs by element
 * and not by byte, since a narrower format does not shorten it.
 *
 * @param quantise time of the launch that quantises the input; 0 if the framework launches none
 * @param quantiseInStep the same in a step, where a program may quantise in the launch before
 * @param rowTime time to read and quantise a million elements of the input
 * @param loopTime time of a thousand elements of the inner dimension
 * @param splitK largest number of parts into which the program splits the inner dimension
 */
public record GemmCosts(
    Constant overhead,
    Constant quantise,
    Constant quantiseInStep,
    Constant memoryEfficiency,
    Constant rowTime,
    Constant loopTime,
    Constant splitK) {
  static GemmCosts read(ConstantFields fields) {
    try (fields) {
      return new GemmCosts(
          fields.atLeastZero("overhead", Unit.MICROS),
          fields.atLeastZero("quantise", Unit.MICROS),
          fields.atLeastZero("quantiseInStep", Unit.MICROS),
          fields.fraction("memoryEfficiency"),
          fields.atLeastZero("rowTime", Unit.MICROS_PER_MILLION_ELEMENTS),
          fields.atLeastZero("loopTime", Unit.MICROS_PER_THOUSAND_ELEMENTS),
          fields.positive("splitK", Unit.PARTS));
    }
  }
}
