package dev.helix.runtime.timing.machine;

import dev.helix.tensor.DType;
import dev.helix.tensor.program.CostFamily;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The constants of one serving program where it differs from the others.
 *
 * @param gemms constants of its GEMMs for each number format of the weights
 * @param oneRowGemms constants of its GEMMs of one row, for the formats in which it takes another
 *     kernel there
 * @param launches constants of launches in place of those that the preset has for all
 * @param cutlassExperts constants of its experts with CUTLASS kernels, if it has two kernels
 * @param checkErrors errors in place of those that the preset has for all
 */
record FrameworkCosts(
    Map<DType, GemmCosts> gemms,
    Map<DType, GemmCosts> oneRowGemms,
    Map<CostFamily, LaunchCosts> launches,
    Optional<LaunchCosts> cutlassExperts,
    Map<String, Constant> checkErrors) {
  private static final List<DType> GEMM_FORMATS = List.of(DType.FP4, DType.FP8, DType.BF16);
  private static final String ONE_ROW = "OneRow";

  FrameworkCosts {
    gemms = Map.copyOf(gemms);
    oneRowGemms = Map.copyOf(oneRowGemms);
    launches = Map.copyOf(launches);
    checkErrors = Map.copyOf(checkErrors);
  }

  static FrameworkCosts read(ConstantFields fields) {
    try (fields) {
      Map<DType, GemmCosts> gemms = new EnumMap<>(DType.class);
      Map<DType, GemmCosts> oneRow = new EnumMap<>(DType.class);
      for (DType weights : GEMM_FORMATS) {
        gemms.put(weights, GemmCosts.read(fields.object(weights.toString())));
        fields
            .objectOrAbsent(weights + ONE_ROW)
            .ifPresent(own -> oneRow.put(weights, GemmCosts.read(own)));
      }
      return new FrameworkCosts(
          gemms,
          oneRow,
          fields.objectOrAbsent("launches").map(FrameworkCosts::launches).orElse(Map.of()),
          fields.objectOrAbsent("cutlassExperts").map(LaunchCosts::read),
          fields.objectOrAbsent("checkErrors").map(FrameworkCosts::checkErrors).orElse(Map.of()));
    }
  }

  /** The same constants with the experts that the preset has for all. */
  FrameworkCosts withoutExperts() {
    Map<CostFamily, LaunchCosts> others = new EnumMap<>(CostFamily.class);
    others.putAll(launches);
    others.remove(CostFamily.EXPERTS);
    return new FrameworkCosts(gemms, oneRowGemms, others, cutlassExperts, checkErrors);
  }

  private static Map<CostFamily, LaunchCosts> launches(ConstantFields fields) {
    try (fields) {
      Map<CostFamily, LaunchCosts> launches = new EnumMap<>(CostFamily.class);
      for (CostFamily family : CostFamily.values()) {
        fields
            .objectOrAbsent(family.toString())
            .ifPresent(own -> launches.put(family, LaunchCosts.read(own)));
      }
      return launches;
    }
  }

  private static Map<String, Constant> checkErrors(ConstantFields fields) {
    try (fields) {
      Map<String, Constant> errors = new TreeMap<>();
      for (CostFamily family : CostFamily.values()) {
        fields
            .objectOrAbsent(family.toString())
            .ifPresent(own -> errors.put(family.toString(), fields.fraction(family.toString())));
      }
      return errors;
    }
  }
}
