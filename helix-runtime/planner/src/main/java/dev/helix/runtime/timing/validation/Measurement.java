package dev.helix.runtime.timing.validation;

import dev.helix.tensor.io.JsonObject;
import java.util.Locale;

/**
 * One published time of an operation or a step.
 *
 * @param family the name of the family whose error it counts in
 * @param kind what was measured
 * @param source where it was published
 * @param half what the measurement was used for
 * @param label the row's sizes, in words
 * @param micros the measured time
 * @param fields the row itself, from which {@link ModelledTime} reads the sizes
 */
public record Measurement(
    String family,
    String kind,
    String source,
    Half half,
    String label,
    double micros,
    JsonObject fields) {
  /** The use of a measurement: some were fitted to, and the others check the fit. */
  public enum Half {
    /** The preset's constants were fitted to it. */
    FIT,
    /** Nothing was fitted to it. */
    CHECK;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
