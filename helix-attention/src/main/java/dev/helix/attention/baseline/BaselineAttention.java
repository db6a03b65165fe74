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

  /**
   * What walks beside this from its first step and bounds the sharded program's difference.
   *
   * @param shards the most parts that the cache is divided into; more is safe, but loosens
   */
  StepErrorBound errorBound(int shards);

  /** Walks beside a {@link BaselineAttention}: after each of its steps, one of this. */
  interface StepErrorBound {
    /**
     * The bound of the output that the baseline's last step returned.
     *
     * @param x {@code [hidden]}, as given to the baseline
     * @param xError {@code [hidden]}: bound of the difference between the sharded program's input
     *     and x
     * @return {@code [hidden]}
     */
    double[] step(double[] x, double[] xError);
  }
}
