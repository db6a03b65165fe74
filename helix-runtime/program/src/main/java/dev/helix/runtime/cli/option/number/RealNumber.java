package dev.helix.runtime.cli.option.number;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number that need not be whole. Its range is up to the option. */
public final class RealNumber implements ITypeConverter<Double> {
  @Override
  public Double convert(String value) {
    try {
      return Double.valueOf(value);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("expected a number, got '" + value + "'");
    }
  }
}
