package dev.helix.ffn.faults;

import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.RouterRule;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.faults.RankNumbers;

/** A fault of the feed-forward network: in its choice of experts, or in the sums over ranks. */
public interface FfnFault extends Fault {
  /**
   * Returns the router with which a rank with this fault chooses experts.
   *
   * @param bias {@code [experts]}, added to scores for the choice and not for the weights
   */
  default ExpertRouter router(int rank, RouterRule rule, double[] bias) {
    return new ExpertRouter(rule, bias);
  }

  /**
   * Returns the exchanges that the shared expert of a rank with this fault takes part in.
   *
   * @param numbers reads and makes the rank's tensors
   * @param rule the rule of the routed experts
   */
  default <T extends Tensor> Collectives<T> sharedExpertCollectives(
      RankNumbers<T> numbers, RouterRule rule, Collectives<T> healthy) {
    return healthy;
  }
}
