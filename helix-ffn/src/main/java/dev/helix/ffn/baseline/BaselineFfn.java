package dev.helix.ffn.baseline;

import java.util.List;

/** The FFN of one layer, unsharded, of whatever kind; keeps no state. */
public interface BaselineFfn {
  /**
   * The FFN's output, before the residual connection.
   *
   * @param x {@code [hidden]}, already normalised
   * @return {@code [hidden]}
   */
  double[] apply(double[] x);

  /**
   * The same with the choice of experts given, so that near a tie both programs compute the same
   * function. A dense FFN has no choice to make.
   *
   * @param experts chosen indices; empty to leave the choice to the router
   */
  default double[] apply(double[] x, List<Integer> experts) {
    return apply(x);
  }

  /** By how much the sharded program's output may differ, the choice of experts being the same. */
  FfnErrorBound errorBound();

  /** The bound of the output that a {@link BaselineFfn} computes. */
  @FunctionalInterface
  interface FfnErrorBound {
    /**
     * The elementwise bound.
     *
     * @param x {@code [hidden]}, as given to the baseline
     * @param xError {@code [hidden]}: bound of the difference between the sharded program's input
     *     and x
     * @param experts as given to the baseline
     * @return {@code [hidden]}
     */
    double[] of(double[] x, double[] xError, List<Integer> experts);
  }
}
