package dev.helix.attention.rotary;

import dev.helix.tensor.InvalidInputException;
import java.util.Optional;

/**
 * The parameters of a model's rotary position embedding, which rotates pair i of d/2 pairs by
 * position · θ^(−2i/d). {@link RotaryPairing} says which components form a pair.
 *
 * @param theta the base θ
 * @param llama3 the change of frequencies of Llama 3.1 for long contexts, if the model has it
 * @param yarn the change of frequencies and magnitudes of YaRN, if the model has it
 */
public record RopeParameters(
    double theta, Optional<Llama3Scaling> llama3, Optional<YarnScaling> yarn) {
  public RopeParameters {
    // Below 1 later pairs would turn faster, and by angles that no double tells apart.
    if (!(theta >= 1) || Double.isInfinite(theta)) {
      throw new InvalidInputException("rope_theta must be at least 1 and finite, got " + theta);
    }
    if (llama3.isPresent() && yarn.isPresent()) {
      throw new InvalidInputException("rope_scaling must be of one type, got llama3 and yarn");
    }
    if (yarn.isPresent() && theta <= 1) {
      throw new InvalidInputException("rope_theta must be above 1 for yarn, got " + theta);
    }
  }

  /**
   * Refuses a factor below 1, because both scalings stretch a context; Hugging Face does the same.
   */
  static void requireStretch(double factor) {
    if (!(factor >= 1) || Double.isInfinite(factor)) {
      throw new InvalidInputException(
          "rope_scaling: factor must be at least 1 and finite, got " + factor);
    }
  }

  /** The parameters of a model without YaRN. */
  public RopeParameters(double theta, Optional<Llama3Scaling> llama3) {
    this(theta, llama3, Optional.empty());
  }

  public static RopeParameters of(double theta) {
    return new RopeParameters(theta, Optional.empty());
  }

  /**
   * The {@code rope_scaling} of type {@code llama3}. With wavelength λ = 2π/frequency, frequencies
   * with λ &lt; original/highFrequencyFactor stay, those with λ &gt; original/lowFrequencyFactor
   * are divided by {@code factor}, and those between are interpolated. With t = (original/λ −
   * lowFrequencyFactor) / (highFrequencyFactor − lowFrequencyFactor) the frequency is (1 −
   * t)·frequency/factor + t·frequency.
   *
   * @param originalContext {@code original_max_position_embeddings}, in tokens
   */
  public record Llama3Scaling(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext) {
    public Llama3Scaling {
      requireStretch(factor);
      requirePositive("low_freq_factor", lowFrequencyFactor);
      requirePositive("high_freq_factor", highFrequencyFactor);
      requirePositive("original_max_position_embeddings", originalContext);
      if (lowFrequencyFactor >= highFrequencyFactor) {
        throw new InvalidInputException(
            "rope_scaling: low_freq_factor (%s) must be less than high_freq_factor (%s)"
                .formatted(lowFrequencyFactor, highFrequencyFactor));
      }
    }

    private static void requirePositive(String field, double value) {
      if (!(value > 0) || Double.isInfinite(value)) {
        throw new InvalidInputException(
            "rope_scaling: " + field + " must be positive and finite, got " + value);
      }
    }
  }
}
