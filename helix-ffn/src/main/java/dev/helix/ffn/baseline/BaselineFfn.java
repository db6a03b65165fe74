package dev.helix.ffn.baseline;

import java.util.List;

/** The unsharded FFN of one layer, of any kind. It keeps no state. */
public interface BaselineFfn {
  /**
   * The FFN's output, before the residual connection.
   *
   * @param x {@code [hidden]}, already normalised
   * @return {@code [hidden]}
   */
  double[] apply(double[] x);

  /**
   * The FFN's output for a given choice of experts, so that near a tie both programs compute the
   * same function. A dense FFN has no choice to make.
   *
   * @param experts chosen indices; empty to leave the choice to the router
   */
  default double[] apply(double[] x, List<Integer> experts) {
    return apply(x);
  }
}
