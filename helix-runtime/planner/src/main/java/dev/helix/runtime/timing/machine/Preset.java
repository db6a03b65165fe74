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
 * @param framework the serving program whose launches are meant
 * @param frameworks constants of each program where they differ; empty in a preset that has one set
 *     of constants for all, in {@code launches}
 * @param checkErrors mean absolute error of the measurements that no constant was fitted to, as a
 *     fraction, for each kind of operation; empty for a preset that was not fitted
 * @param bytesPerElement bytes of an element of each number format, scales of blocks included
 */
public record Preset(
    String name,
    String purpose,
    Constant launchOverlap,
    Framework framework,
    Map<Framework, FrameworkCosts> frameworks,
    Map<String, Constant> checkErrors,
    Map<DType, Constant> bytesPerElement,
    Map<CostFamily, LaunchCosts> launches,
    Map<TransferFamily, TransferCosts> transfers) {
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
    frameworks = Map.copyOf(frameworks);
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
          fields.objectOrAbsent("frameworks").map(Preset::frameworks).orElse(Map.of()),
          fields.objectOrAbsent("checkErrors").map(Preset::checkErrors).orElse(Map.of()),
          Gpu.forEachDType(dtype -> bytes.positive(dtype.toString(), Unit.BYTES)),
          each(CostFamily.values(), family -> LaunchCosts.read(launches.object(family.toString()))),
          transfers(transfers));
    }
  }

  /** The same constants with the launches of a serving program. */
  public Preset under(Framework program) {
    return new Preset(
        name,
        purpose,
        launchOverlap,
        program,
        frameworks,
        checkErrors,
        bytesPerElement,
        launches,
        transfers);
  }

  /** The same constants, with launches that save a share of what they save here. */
  public Preset overlapping(double share) {
    return new Preset(
        name,
        purpose,
        launchOverlap.times(share),
        framework,
        frameworks,
        checkErrors,
        bytesPerElement,
        launches,
        transfers);
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

  /** Whether the constants tell serving programs apart. */
  public boolean hasFrameworks() {
    return !frameworks.isEmpty();
  }

  /**
   * The constants of a GEMM, if the preset tells serving programs apart.
   *
   * @param weights number format of the weights
   * @param rows number of rows of the input
   */
  public Optional<GemmCosts> gemm(DType weights, long rows) {
    DType format = weights == DType.F16 ? DType.BF16 : weights;
    return own()
        .map(
            costs ->
                rows == 1 && costs.oneRowGemms().containsKey(format)
                    ? costs.oneRowGemms().get(format)
                    : costs.gemms().get(format));
  }

  /** The constants of a launch of one family. */
  public LaunchCosts launch(CostFamily family) {
    return own().map(costs -> costs.launches().get(family)).orElse(launches.get(family));
  }

  /** The constants of experts in CUTLASS kernels, if the framework has them beside its others. */
  public Optional<LaunchCosts> cutlassExperts() {
    return own().flatMap(FrameworkCosts::cutlassExperts);
  }

  /** The same constants with other experts for every framework. */
  public Preset experts(LaunchCosts own) {
    Map<CostFamily, LaunchCosts> changed = new EnumMap<>(launches);
    changed.put(CostFamily.EXPERTS, own);
    Map<Framework, FrameworkCosts> others = new EnumMap<>(Framework.class);
    frameworks.forEach((program, costs) -> others.put(program, costs.withoutExperts()));
    return new Preset(
        name,
        purpose,
        launchOverlap,
        framework,
        others,
        checkErrors,
        bytesPerElement,
        changed,
        transfers);
  }

  /**
   * Mean absolute relative error of the measurements of a kind of operation that no constant was
   * fitted to.
   */
  public Constant checkError(String operation) {
    return own()
        .map(costs -> costs.checkErrors().get(operation))
        .orElse(checkErrors.get(operation));
  }

  /** The largest of these errors; 0 if no constant was fitted to measurements. */
  public double largestCheckError() {
    return checkErrors.keySet().stream()
        .mapToDouble(operation -> checkError(operation).value())
        .max()
        .orElse(0);
  }

  private Optional<FrameworkCosts> own() {
    return Optional.ofNullable(frameworks.get(framework));
  }

  private static Map<Framework, FrameworkCosts> frameworks(ConstantFields fields) {
    try (fields) {
      Map<Framework, FrameworkCosts> frameworks = new EnumMap<>(Framework.class);
      for (Framework program : Framework.values()) {
        frameworks.put(program, FrameworkCosts.read(fields.object(program.toString())));
      }
      return frameworks;
    }
  }

  /**
   * The constants of exchanges. Without in-switch reduction an all-reduce has two ways; two-sided
   * exchanges of experts are in no step.
   */
  private static Map<TransferFamily, TransferCosts> transfers(ConstantFields fields) {
    Map<TransferFamily, TransferCosts> costs = new EnumMap<>(TransferFamily.class);
    for (TransferFamily family : TransferFamily.values()) {
      if (family.isOptional()) {
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
