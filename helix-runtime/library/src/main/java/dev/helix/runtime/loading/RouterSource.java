package dev.helix.runtime.loading;

import dev.helix.ffn.TokenRouter;
import dev.helix.ffn.helix.MoeSharding;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.tensor.Tensor;

/**
 * Where a rank's router of a layer comes from: numeric readings choose by logits, the trace by a
 * stated load.
 */
public interface RouterSource<T extends Tensor> {
  /** The router of one layer on one rank. */
  TokenRouter<T> router(int rank, int layer, Mixture mixture, MoeSharding sharding);

  /** Whether all ranks have the same load, whichever experts they have. */
  default boolean sameOnEveryRank() {
    return false;
  }
}
