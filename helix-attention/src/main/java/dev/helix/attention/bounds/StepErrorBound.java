package dev.helix.attention.bounds;

import dev.helix.attention.baseline.BaselineAttention;
import dev.helix.attention.baseline.UnshardedAttention;
import dev.helix.attention.baseline.UnshardedLatentAttention;

/**
 * By how much the sharded program may differ from a {@link BaselineAttention} through rounding.
 * Walks beside it: after each of its steps, one of this.
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
   * The bound that walks beside a baseline, from its first step on.
   *
   * @param shards the most parts that the cache is divided into; more is safe, but loosens
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
