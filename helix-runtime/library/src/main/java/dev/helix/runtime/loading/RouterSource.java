package dev.helix.runtime.loading;

import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.TokenRouter;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import dev.helix.ffn.expertparallel.TokenSender;
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

  /**
   * Makes the sender that sends the tokens of one layer from one rank to the ranks of their
   * experts, under expert parallelism.
   */
  TokenSender<T> sender(int layer, Mixture mixture, ExpertParallelSharding sharding);

  /** Whether all ranks have the same load, whichever experts they have. */
  default boolean sameOnEveryRank() {
    return false;
  }

  /** Whether ranks that send equally many tokens have the same load under expert parallelism. */
  default boolean sameTraffic() {
    return false;
  }
}
