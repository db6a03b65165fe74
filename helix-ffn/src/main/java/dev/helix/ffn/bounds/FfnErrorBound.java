package dev.helix.ffn.bounds;

import dev.helix.ffn.baseline.BaselineFfn;
import dev.helix.ffn.baseline.UnshardedMoe;
import dev.helix.ffn.baseline.UnshardedSwiGlu;
import java.util.List;

/**
 * Bounds how far rounding can put the sharded program's output from that of a {@link BaselineFfn},
 * if both use the same experts.
 */
@FunctionalInterface
public interface FfnErrorBound {
  /**
   * The bound, element by element.
   *
   * @param x {@code [hidden]}, as given to the baseline
   * @param xError {@code [hidden]}: bound of the difference between the sharded program's input and
   *     x
   * @param experts as given to the baseline
   * @return {@code [hidden]}
   */
  double[] of(double[] x, double[] xError, List<Integer> experts);

  /**
   * The bound of a baseline.
   *
   * @throws IllegalArgumentException if the baseline is of a kind that has no bound
   */
  static FfnErrorBound beside(BaselineFfn baseline) {
    if (baseline instanceof UnshardedSwiGlu dense) {
      SwiGluErrorBound bound = new SwiGluErrorBound(dense);
      return (x, xError, experts) -> bound.of(x, xError);
    }
    if (baseline instanceof UnshardedMoe mixture) {
      MoeErrorBound bound = new MoeErrorBound(mixture);
      return (x, xError, given) -> bound.of(x, xError, given.isEmpty() ? mixture.chosen(x) : given);
    }
    throw new IllegalArgumentException("no error bound is derived for " + baseline.getClass());
  }
}
