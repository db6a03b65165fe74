package dev.helix.runtime.cli.decode;

import dev.helix.runtime.strategy.PlacementRule.Kind;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code --placement} by the words that reports use too. */
final class PlacementKindConverter implements ITypeConverter<Kind> {
  @Override
  public Kind convert(String value) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.toString().equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of " + Arrays.toString(Kind.values()) + ", got '" + value + "'"));
  }
}
