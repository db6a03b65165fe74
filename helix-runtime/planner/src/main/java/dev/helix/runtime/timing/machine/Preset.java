package dev.helix.runtime.timing.machine;

import dev.helix.tensor.DType;
import dev.helix.tensor.program.CostFamily;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The share of a GPU's peaks that software reaches, and the overheads that it adds.
 *
 * @param name the name of the preset
 * @param purpose what the numbers can be used for, in words
 * @param launchOverlap how much of its overhead a launch saves if it follows another launch of the
 *     same step, because its processors are set up while those of the other launch finish
 * @param bytesPerElement bytes of an element of each number format, scales of blocks included
 */
public record Preset(
    String name,
    String purpose,
    Constant launchOverlap,
    Map<DType, Constant> bytesPerElement,
    Map<CostFamily, LaunchCosts> launches,
    Map<TransferFamily, TransferCosts> transfers) {
  public Preset {
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
          Gpu.forEachDType(dtype -> bytes.positive(dtype.toString(), Unit.BYTES)),
          each(CostFamily.values(), family -> LaunchCosts.read(launches.object(family.toString()))),
          each(
              TransferFamily.values(),
              family -> TransferCosts.read(transfers.object(family.toString()))));
    }
  }

  private static <F, C> Map<F, C> each(F[] families, Function<F, C> read) {
    return Arrays.stream(families).collect(Collectors.toMap(family -> family, read));
  }
}
