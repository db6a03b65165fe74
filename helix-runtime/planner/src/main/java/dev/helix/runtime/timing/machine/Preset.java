package dev.helix.runtime.timing.machine;

import dev.helix.tensor.DType;
import dev.helix.tensor.program.CostFamily;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The share of a GPU's peaks that software reaches, and the overheads that it adds.
 *
 * @param name the name of the preset
 * @param purpose what the numbers can be used for, in words
 * @param launchOverlap how much of its overhead a launch saves if it follows another launch of the
 *     same step, because its processors are set up while those of the other launch finish
 * @param framework the serving program whose GEMMs are meant
 * @param gemms constants of each program's GEMMs for each number format of the weights; empty in a
 *     preset that has one set of constants for all, in {@code launches}
 * @param checkErrors mean absolute error of the measurements that nothing was fitted to, as a
 *     fraction, for each kind of operation; empty for a preset that was not fitted
 * @param bytesPerElement bytes of an element of each number format, scales of blocks included
 */
public record Preset(
    String name,
    String purpose,
    Constant launchOverlap,
    Framework framework,
    Map<Framework, Map<DType, GemmCosts>> gemms,
    Map<String, Constant> checkErrors,
    Map<DType, Constant> bytesPerElement,
    Map<CostFamily, LaunchCosts> launches,
    Map<TransferFamily, TransferCosts> transfers) {
  private static final List<DType> GEMM_FORMATS = List.of(DType.FP4, DType.FP8, DType.BF16);
  private static final List<String> MEASURED_OPERATIONS =
      List.of(
          "gemm",
          "experts",
          "gqaAttention",
          "mlaAttention",
          "elementwise",
          "allReduce",
          "allGather",
          "reduceScatter",
          "allToAll",
          "broadcast",
          "dispatch",
          "combine");

  public Preset {
    gemms = Map.copyOf(gemms);
    checkErrors = Map.copyOf(checkErrors);
    bytesPerElement = Collections.unmodifiableMap(new EnumMap<>(bytesPerElement));
    launches = Collections.unmodifiableMap(new EnumMap<>(launches));
    transfers = Collections.unmodifiableMap(new EnumMap<>(transfers));
  }

  static Preset read(ConstantFields fields) {
    try (fields;
        ConstantFields bytes = fields.object("bytesPerElement");
        ConstantFields launches = fields.object("launches");
        ConstantFields transfers = fields.object("transfers")) {
      return new Preset(
          fields.text("name"),
          fields.text("purpose"),
          fields.atLeastZero("launchOverlap", Unit.MICROS),
          Framework.SGLANG,
          fields.objectOrAbsent("frameworks").map(Preset::gemms).orElse(Map.of()),
          fields.objectOrAbsent("checkErrors").map(Preset::checkErrors).orElse(Map.of()),
          Gpu.forEachDType(dtype -> bytes.positive(dtype.toString(), Unit.BYTES)),
          each(CostFamily.values(), family -> LaunchCosts.read(launches.object(family.toString()))),
          transfers(transfers));
    }
  }

  /** The same constants with the GEMMs of a serving program. */
  public Preset under(Framework program) {
    return new Preset(
        name,
        purpose,
        launchOverlap,
        program,
        gemms,
        checkErrors,
        bytesPerElement,
        launches,
        transfers);
  }

  /** The same constants, with launches that save a share of what they save here. */
  public Preset overlapping(double share) {
    Constant less =
        new Constant(
            launchOverlap.value() * share,
            launchOverlap.unit(),
            launchOverlap.source(),
            launchOverlap.date());
    return new Preset(
        name, purpose, less, framework, gemms, checkErrors, bytesPerElement, launches, transfers);
  }

  private static Map<String, Constant> checkErrors(ConstantFields fields) {
    try (fields) {
      Map<String, Constant> errors = new TreeMap<>();
      for (String operation : MEASURED_OPERATIONS) {
        errors.put(operation, fields.fraction(operation));
      }
      return errors;
    }
  }

  /** The constants of GEMMs with weights in a number format, if the preset has them. */
  public Optional<GemmCosts> gemm(DType weights) {
    Map<DType, GemmCosts> own = gemms.getOrDefault(framework, Map.of());
    return Optional.ofNullable(own.get(weights == DType.F16 ? DType.BF16 : weights));
  }

  private static Map<Framework, Map<DType, GemmCosts>> gemms(ConstantFields fields) {
    try (fields) {
      Map<Framework, Map<DType, GemmCosts>> gemms = new EnumMap<>(Framework.class);
      for (Framework program : Framework.values()) {
        try (ConstantFields own = fields.object(program.toString())) {
          Map<DType, GemmCosts> formats = new EnumMap<>(DType.class);
          for (DType weights : GEMM_FORMATS) {
            formats.put(weights, GemmCosts.read(own.object(weights.toString())));
          }
          gemms.put(program, formats);
        }
      }
      return gemms;
    }
  }

  /** The constants of exchanges. Without in-switch reduction an all-reduce has two ways. */
  private static Map<TransferFamily, TransferCosts> transfers(ConstantFields fields) {
    Map<TransferFamily, TransferCosts> costs = new EnumMap<>(TransferFamily.class);
    for (TransferFamily family : TransferFamily.values()) {
      if (family == TransferFamily.IN_SWITCH_ALL_REDUCE) {
        fields
            .objectOrAbsent(family.toString())
            .ifPresent(own -> costs.put(family, TransferCosts.read(own)));
      } else {
        costs.put(family, TransferCosts.read(fields.object(family.toString())));
      }
    }
    return costs;
  }

  private static <F, C> Map<F, C> each(F[] families, Function<F, C> read) {
    return Arrays.stream(families).collect(Collectors.toMap(family -> family, read));
  }
}
