package dev.helix.attention.rotary;

import dev.helix.tensor.InvalidInputException;

/**
 * YaRN (arXiv 2309.00071) as DeepSeek publishes it: {@code rope_scaling} of type {@code yarn}.
 *
 * <p>Of the d/2 frequencies φᵢ = θ^(−2i/d), those that rotate more than {@code betaFast} times in
 * the original context stay. Those that rotate less than {@code betaSlow} times are divided by
 * {@code factor}. The frequencies between are interpolated:
 *
 * <pre>
 * corr(β) = d·ln(originalContext / (2πβ)) / (2·ln θ)
 * low = max(⌊corr(betaFast)⌋, 0)    high = min(⌈corr(betaSlow)⌉, d − 1), low + 0.001 if they are equal
 * rampᵢ = clamp((i − low) / (high − low), 0, 1)
 * φ′ᵢ = φᵢ/factor · rampᵢ + φᵢ·(1 − rampᵢ)
 * </pre>
 *
 * <p>With m(x) = 0.1·x·ln(factor) + 1, cosines and sines are multiplied by
 * m(mscale)/m(mscaleAllDim), and in DeepSeek's attention the score scale by m(mscaleAllDim)², if
 * that is not 0.
 *
 * @param factor the factor by which the context is stretched
 * @param originalContext {@code original_max_position_embeddings}, in tokens
 */
public record YarnScaling(
    double factor,
    double betaFast,
    double betaSlow,
    double mscale,
    double mscaleAllDim,
    int originalContext) {
  /** Published models have 0.707 or 1; scores grow with the square of it. */
  private static final double MAX_MAGNITUDE = 100;

  public YarnScaling {
    RopeParameters.requireStretch(factor);
    requirePositive("beta_fast", betaFast);
    requirePositive("beta_slow", betaSlow);
    requirePositive("original_max_position_embeddings", originalContext);
    requireMagnitude("mscale", mscale);
    requireMagnitude("mscale_all_dim", mscaleAllDim);
    if (betaSlow > betaFast) {
      throw new InvalidInputException(
          "rope_scaling: beta_slow (%s) must not be greater than beta_fast (%s)"
              .formatted(betaSlow, betaFast));
    }
  }

  private static void requirePositive(String field, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new InvalidInputException(
          "rope_scaling: " + field + " must be positive and finite, got " + value);
    }
  }

  private static void requireMagnitude(String field, double value) {
    if (!(value >= 0 && value <= MAX_MAGNITUDE)) {
      throw new InvalidInputException(
          "rope_scaling: %s must be from 0 to %s, got %s".formatted(field, MAX_MAGNITUDE, value));
    }
  }
}
