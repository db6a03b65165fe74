package dev.helix.runtime.strategy.tensorparallel;

import dev.helix.attention.helix.KvHeads;
import dev.helix.ffn.helix.MoeExchange;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.group.GroupPlan;
import dev.helix.runtime.strategy.group.OneGroupStrategy;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;

/**
 * Tensor parallelism (TP; Helix Parallelism §3): the heads of attention are split over all ranks,
 * then the columns of the FFN or its experts. Each rank attends over the whole sequence. Up to TPA
 * = K this is Helix with KVP = 1; beyond, each KV head stands on TPA/K ranks, and of latent
 * attention every rank keeps the latents of all tokens.
 *
 * @param layout of KVP 1
 */
public record TensorParallelStrategy(Layout layout) implements OneGroupStrategy {
  /**
   * @throws InvalidInputException if KVP is not 1
   */
  public TensorParallelStrategy {
    if (layout.kvp() != 1) {
      throw new InvalidInputException(
          "KVP (%d) must be 1 under tensor parallelism, which does not split the sequence"
              .formatted(layout.kvp()));
    }
  }

  @Override
  public GroupPlan plan() {
    PlacementRule whole = PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH);
    return new GroupPlan(layout, whole, false, KvHeads.DUPLICATED, MoeExchange.DEFAULT);
  }
}
