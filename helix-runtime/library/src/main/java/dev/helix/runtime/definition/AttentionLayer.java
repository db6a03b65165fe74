package dev.helix.runtime.definition;

/** Attention of one layer for one request, with the cache of what it has taken in. */
interface AttentionLayer {
  /**
   * Takes in the token of the next position and attends to all tokens up to it.
   *
   * @param x {@code [hidden]}, normalised
   * @return {@code [hidden]}, the output projection included
   */
  double[] next(double[] x, int position);
}
