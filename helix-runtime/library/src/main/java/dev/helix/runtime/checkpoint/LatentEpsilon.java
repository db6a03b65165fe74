package dev.helix.runtime.checkpoint;

import java.util.Locale;

/**
 * The ε with which DeepSeek's latent attention normalises compressed queries and latents. All
 * published checkpoints have 1e-6 in {@code rms_norm_eps}, so that the two choices agree.
 */
public enum LatentEpsilon {
  /**
   * Takes 1e-6, whatever {@code config.json} says. DeepSeek's own code and Hugging Face's do not
   * pass {@code rms_norm_eps} to these two norms. A model is what the code computes with which it
   * was trained, so this is the default.
   */
  REFERENCE,

  /**
   * Takes {@code rms_norm_eps}, as for all other norms; vLLM and SGLang serve models in this way.
   */
  CONFIG;

  /** The ε of {@link #REFERENCE}. */
  static final double FIXED = 1e-6;

  /** The model with this ε. */
  ModelConfig of(ModelConfig model) {
    return this == CONFIG ? model.withLatentNormEpsilon(model.rmsNormEpsilon()) : model;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
