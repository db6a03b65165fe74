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
 * What software makes of a GPU: how much of its peaks is reached, and what is paid beside.
 *
 * @param purpose what the numbers are good for, in words
 * @param launchOverlap what a launch behind another of the same step saves of the overhead that it
 *     has alone: its processors are set up while the last one's finish
 * @param bytesPerElement of each precision, scales of blocks included
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
