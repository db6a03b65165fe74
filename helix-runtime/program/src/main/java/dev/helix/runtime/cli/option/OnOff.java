package dev.helix.runtime.cli.option;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A switch given in words. Not a boolean, which picocli would take for an option without value. */
enum OnOff {
  ON,
  OFF;

  boolean isOn() {
    return this == ON;
  }

  /** {@code on} and {@code off}. */
  static final class Converter implements ITypeConverter<OnOff> {
    @Override
    public OnOff convert(String value) {
      return switch (value) {
        case "on" -> ON;
        case "off" -> OFF;
        default -> throw new TypeConversionException("expected on or off, got '" + value + "'");
      };
    }
  }
}
