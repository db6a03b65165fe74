package dev.helix.laws.rotary;

/** The change that {@code rope_scaling} of a configuration makes to frequencies and magnitudes. */
public sealed interface RotaryScaling {
  /** Frequencies and magnitudes stay as they are. */
  record None() implements RotaryScaling {
    @Override
    public String toString() {
      return "not scaled";
    }
  }

  /** Type {@code linear}: every frequency is divided by the factor, which is positive. */
  record Linear(double factor) implements RotaryScaling {}

  /**
   * Type {@code llama3}: with t = (original·φ/2π − low) / (high − low), a frequency φ becomes
   * φ/factor where t ≤ 0, stays where t ≥ 1, and is (1 − t)·φ/factor + t·φ between.
   *
   * @param low {@code low_freq_factor}
   * @param high {@code high_freq_factor}, above low
   * @param original {@code original_max_position_embeddings}, in tokens
   */
  record Llama3(double factor, double low, double high, int original) implements RotaryScaling {}

  /**
   * Type {@code yarn} (arXiv 2309.00071) as DeepSeek applies it. Frequency φᵢ becomes φᵢ/factor·rᵢ
   * + φᵢ·(1 − rᵢ), where rᵢ rises from 0 to 1 over the {@link Ramp}. Cosines and sines are
   * multiplied by m(mscale)/m(mscaleAllDim), and scores by m(mscaleAllDim)², with m(x) =
   * 0.1·x·ln(factor) + 1.
   *
   * @param factor above 1
   * @param original {@code original_max_position_embeddings}, in tokens
   * @param mscaleAllDim 0 where the configuration has none
   */
  record Yarn(double factor, int original, Ramp ramp, double mscale, double mscaleAllDim)
      implements RotaryScaling {}

  /**
   * Between which pairs YaRN goes over from frequencies as they are to divided ones: from pair
   * c(fast) to c(slow), where c(β) = dims·ln(original/(2πβ)) / (2·ln θ), not below 0 and dims − 1
   * at most.
   *
   * @param fast {@code beta_fast}
   * @param slow {@code beta_slow}, below fast
   * @param truncated whether c(fast) is rounded down to a whole pair and c(slow) up
   */
  record Ramp(double fast, double slow, boolean truncated) {}
}
