package dev.helix.attention;

/**
 * Stores the numbers of one new token as the cache does. A quantised cache rounds them here, once,
 * when the rank that owns the token appends it. Every later reading gets the same numbers.
 */
@FunctionalInterface
public interface TokenStore {
  /** The parts of a token that a cache keeps. */
  enum Part {
    KEY,
    VALUE,
    /** The entry of latent attention, which is key and value. */
    ENTRY
  }

  /**
   * Stores the numbers of one head.
   *
   * @param kvHead the head, counted on the rank
   * @param numbers {@code [headDim]}; not changed
   * @return {@code [headDim]}, what readers of the cache get
   */
  double[] stored(Part part, int kvHead, double[] numbers);
}
