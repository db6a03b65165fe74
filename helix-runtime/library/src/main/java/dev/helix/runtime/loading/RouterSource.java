package dev.helix.runtime.loading;

import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.TokenRouter;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.tensor.Tensor;

/**
 * Where a rank's router of a layer comes from: numeric readings choose by logits, the trace by a
 * stated load.
 */
public interface RouterSource<T extends Tensor> {
  /**
   * The router of one layer on one rank.
   *
   * @param experts that the rank has
   */
  TokenRouter<T> router(int layer, Mixture mixture, ExpertRange experts);

  /** Whether all ranks have the same load, whichever experts they have. */
  default boolean sameOnEveryRank() {
    return false;
  }
}
