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
  /** Values wider or narrower than keys. */
  VALUE_WIDTH
}
