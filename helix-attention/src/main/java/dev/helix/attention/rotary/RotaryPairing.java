package dev.helix.attention.rotary;

/** Says which two components of a rotary part of width d rotate together as pair i. */
public enum RotaryPairing {
  /** Components i and i + d/2, as in the Llama family. */
  HALF_SPLIT,
  /** Components 2i and 2i + 1, as in DeepSeek's stored weights. */
  INTERLEAVED;

  /** The first component of pair {@code i} among {@code pairs}. */
  public int first(int i) {
    return this == HALF_SPLIT ? i : 2 * i;
  }

  /** The second component of pair {@code i} among {@code pairs}. */
  public int second(int i, int pairs) {
    return this == HALF_SPLIT ? i + pairs : 2 * i + 1;
  }
}
