package dev.helix.runtime.cli.time;

import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Precisions that models are deployed in, by the names that reports use too. */
final class DTypeConverter implements ITypeConverter<DType> {
  private static final List<DType> DEPLOYED = List.of(DType.FP4, DType.FP8, DType.BF16);

  @Override
  public DType convert(String value) {
    return Arrays.stream(DType.values())
        .filter(DEPLOYED::contains)
        .filter(dtype -> dtype.toString().equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of " + DEPLOYED + ", got '" + value + "'"));
  }
}
