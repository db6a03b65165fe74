package dev.helix.runtime.timing.validation;

import dev.helix.tensor.io.JsonObject;
import java.util.Locale;

/**
 * One published time of an operation or a step.
 *
 * @param family the name of the family whose error it counts in
 * @param kind what was measured
 * @param source where it was published
 * @param part what the measurement was used for
 * @param label the row's sizes, in words
 * @param micros the measured time
 * @param fields the row itself, from which {@link ModelledTime} reads the sizes
 */
public record Measurement(
    String family,
    String kind,
    String source,
    Part part,
    String label,
    double micros,
    JsonObject fields) {
  /** The use of a measurement, which {@link Draw} decides. */
  public enum Part {
    /** The preset's constants were fitted to it. */
    FIT,
    /**
     * It decided between forms of the model whose constants were fitted to the others; then the
     * constants of the chosen form were fitted to it too.
     */
    CHOOSE,
    /**
     * No constant was fitted to it. It is not blind to forms: many were chosen after an earlier
     * draw, by which all rows were looked at.
     */
    CHECK;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
