package dev.helix.attention.baseline;

/** Unsharded attention of one layer, of any kind, for one request, whose cache it holds. */
public interface BaselineAttention {
  /**
   * Attends from the next position, which equals the number of tokens so far, to all positions up
   * to and including itself.
   *
   * @param x {@code [hidden]}, the already normalised input of the layer at this position
   * @return {@code [hidden]}, the attention output, before the residual connection
   */
  double[] step(double[] x);

  /** Number of tokens in the cache. */
  int tokens();
}
