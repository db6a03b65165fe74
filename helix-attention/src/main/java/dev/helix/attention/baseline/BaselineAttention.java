package dev.helix.attention.baseline;

import java.util.Optional;

/** Unsharded attention of one layer, of any kind, for one request, whose cache it holds. */
public interface BaselineAttention {
  /**
   * Attends from the next position, which equals the number of tokens so far, to all positions up
   * to and including itself.
   *
   * @param x {@code [hidden]}, the already normalised input of the layer at this position
   * @return {@code [hidden]}, the attention output, before the residual connection
   */
  default double[] step(double[] x) {
    return step(x, Optional.empty());
  }

  /**
   * Attends in the same way, with given numbers in the cache for this token. A quantised cache
   * holds other numbers than those that were computed.
   *
   * @param stored what the cache holds of this token; empty if that is what is computed from x
   */
  double[] step(double[] x, Optional<CachedToken> stored);

  /** Number of tokens in the cache. */
  int tokens();
}
