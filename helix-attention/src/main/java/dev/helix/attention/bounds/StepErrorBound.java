package dev.helix.attention.bounds;

import dev.helix.attention.baseline.BaselineAttention;
import dev.helix.attention.baseline.UnshardedAttention;
import dev.helix.attention.baseline.UnshardedLatentAttention;

/**
 * Bounds how far rounding can put the sharded program from a {@link BaselineAttention}. It follows
 * the baseline: {@code step} is called once after each step of the baseline.
 */
public interface StepErrorBound {
  /**
   * The bound of the output that the baseline's last step returned.
   *
   * @param x {@code [hidden]}, as given to the baseline
   * @param xError {@code [hidden]}: bound of the difference between the sharded program's input and
   *     x
   * @return {@code [hidden]}
   */
  double[] step(double[] x, double[] xError);

  /**
   * The numbers that the next token puts into the cache, before they are quantised, with their
   * bounds. Call it before {@link #step}; it changes nothing.
   *
   * @param x {@code [hidden]}, as given to the baseline
   * @param xError {@code [hidden]}: bound of the difference between the sharded program's input and
   *     x
   */
  CachedTokenBound cached(double[] x, double[] xError);

  /**
   * The bound that follows a baseline, from its first step on.
   *
   * @param shards the most parts that the cache is divided into; a larger number is safe, but
   *     loosens the bound
   * @throws IllegalArgumentException if the baseline is of a kind that has no bound
   */
  static StepErrorBound beside(BaselineAttention baseline, int shards) {
    if (baseline instanceof UnshardedAttention groupedQuery) {
      return new AttentionErrorBound(groupedQuery, shards);
    }
    if (baseline instanceof UnshardedLatentAttention latent) {
      return new LatentAttentionErrorBound(latent, shards);
    }
    throw new IllegalArgumentException("no error bound is derived for " + baseline.getClass());
  }
}
