package dev.helix.attention.baseline;

/**
 * Attention of one layer for one request, unsharded, of whatever kind; holds the request's cache.
 */
public interface BaselineAttention {
  /**
   * Attends from the next position, which is the number of tokens so far, to all positions up to
   * and including itself.
   *
   * @param x {@code [hidden]}, the already normalised input of the layer at this position
   * @return {@code [hidden]}, the attention output, before the residual connection
   */
  double[] step(double[] x);

  /** Number of tokens in the cache. */
  int tokens();
}
