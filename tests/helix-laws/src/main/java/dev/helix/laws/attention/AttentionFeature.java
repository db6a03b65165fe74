package dev.helix.laws.attention;

import java.util.EnumSet;
import java.util.Set;

/** Features that a partial attention may have beyond the softmax of scaled products. */
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
  /** Shards that hold a million tokens together, in a second or so. */
  MILLION_TOKENS,
  /**
   * Values that are tensors of their own. Without it a value is the first components of its key, as
   * in latent attention (MLA), where one read of the cache serves both.
   */
  SEPARATE_VALUES,
  /**
   * Queries and keys that it turns by their positions itself, all components of a head by
   * frequencies as they are.
   */
  ROTARY,
  /** With {@link #ROTARY}: only some components of a head turn. */
  PARTIAL_ROTARY,
  /**
   * With {@link #ROTARY}: neighbouring components may form the pairs, and not only components of
   * the two halves.
   */
  ROTARY_NEIGHBOURS,
  /** With {@link #ROTARY}: frequencies are divided by a factor. */
  LINEAR_SCALING,
  /** With {@link #ROTARY}: frequencies are scaled as in Llama 3.1. */
  LLAMA3_SCALING,
  /** With {@link #ROTARY}: frequencies and magnitudes are changed as in YaRN. */
  YARN,
  /** With {@link #YARN}: the ends of the ramp are not rounded to whole pairs. */
  YARN_WITHOUT_TRUNCATION;

  /** All features of an attention that is given turned queries and keys, as most kernels are. */
  public static Set<AttentionFeature> withoutRotation() {
    return EnumSet.range(SOFT_CAP, SEPARATE_VALUES);
  }
}
