package dev.helix.laws.attention;

/** What a partial attention may be able to do beyond softmax of scaled products. */
public enum AttentionFeature {
  SOFT_CAP,
  WINDOW,
  SINK,
  /** Scores that fall with the distance between query and token. */
  ALIBI,
  /** Keys and values that are stored divided by a scale of their own. */
  QUANTISATION_SCALES,
  /** Values narrower than keys and, with {@link #SEPARATE_VALUES}, also wider. */
  VALUE_WIDTH,
  /**
   * Values that are tensors of their own. Without it a value is the first components of its key, as
   * in latent attention (MLA), where one read of the cache serves both.
   */
  SEPARATE_VALUES
}
