package dev.helix.runtime.cli.option;

import java.util.List;
import java.util.Locale;

/** A switch given in words. Not a boolean, which picocli would take for an option without value. */
enum OnOff {
  ON,
  OFF;

  boolean isOn() {
    return this == ON;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@code on} and {@code off}. */
  static final class Words extends OneOf<OnOff> {
    Words() {
      super(List.of(OnOff.values()));
    }
  }
}
