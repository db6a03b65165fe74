package dev.helix.runtime.definition;

/**
 * The attention of one layer for one request, with the cache of the tokens that it has processed.
 */
interface AttentionLayer {
  /**
   * Processes the token of the next position, and attends to all tokens up to it.
   *
   * @param x {@code [hidden]}, normalised
   * @return {@code [hidden]}, after the output projection
   */
  double[] next(double[] x, int position);
}
