package dev.helix.runtime.loading;

import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.TokenRouter;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.tensor.Tensor;

/**
 * Makes a rank's routers. Numeric readings choose experts by logits, and the trace by a stated
 * load.
 */
public interface RouterSource<T extends Tensor> {
  /**
   * Makes the router of one layer on one rank.
   *
   * @param experts the experts that the rank has
   */
  TokenRouter<T> router(int layer, Mixture mixture, ExpertRange experts);

  /** Whether all ranks have the same load, whichever experts they have. */
  default boolean sameOnEveryRank() {
    return false;
  }
}
