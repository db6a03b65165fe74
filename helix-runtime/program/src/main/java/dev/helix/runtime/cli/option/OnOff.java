package dev.helix.runtime.cli.option;

import java.util.List;
import java.util.Locale;

/**
 * A switch whose value is a word. It is not a boolean, because picocli takes a boolean for an
 * option without value.
 */
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

  /** The words {@code on} and {@code off}. */
  static final class Words extends OneOf<OnOff> {
    Words() {
      super(List.of(OnOff.values()));
    }
  }
}
