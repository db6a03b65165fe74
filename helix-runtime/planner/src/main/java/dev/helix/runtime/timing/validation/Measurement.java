package dev.helix.runtime.timing.validation;

import dev.helix.tensor.io.JsonObject;
import java.util.Locale;

/**
 * One published time.
 *
 * @param family what its error is averaged with
 * @param source where it was published
 * @param label the row's sizes, in words
 * @param fields the row itself, of which {@link ModelledTime} reads the sizes
 */
public record Measurement(
    String family,
    String kind,
    String source,
    Half half,
    String label,
    double micros,
    JsonObject fields) {
  /** What a measurement was used for. */
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
