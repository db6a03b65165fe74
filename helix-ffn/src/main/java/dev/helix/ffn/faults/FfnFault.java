package dev.helix.ffn.faults;

import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.RouterRule;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.Fault;

/** A fault of the feed-forward network: of its choice of experts, or of the sums over ranks. */
public interface FfnFault extends Fault {
  /**
   * What chooses a rank's experts.
   *
   * @param bias {@code [experts]}, added to scores for the choice and not for the weights
   */
  default ExpertRouter router(int rank, RouterRule rule, double[] bias) {
    return new ExpertRouter(rule, bias);
  }

  /** The exchanges of a mixture's shared expert. */
  default <T extends Tensor> Collectives<T> sharedExpertCollectives(Collectives<T> healthy) {
    return healthy;
  }
}
