package dev.helix.runtime.strategy.tensorparallel;

import dev.helix.attention.helix.KvHeads;
import dev.helix.ffn.helix.MoeExchange;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.group.GroupPlan;
import dev.helix.runtime.strategy.group.HeadSplit;
import dev.helix.runtime.strategy.group.OneGroupStrategy;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.util.OptionalInt;

/**
 * Tensor parallelism (TP; Helix Parallelism §3), which splits the heads of attention, and then the
 * columns of the FFN or its experts, over all ranks. Each rank attends over the whole sequence. Up
 * to TPA = K this is Helix with KVP = 1. Beyond that, each KV head is on TPA/K ranks. With latent
 * attention every rank keeps the latents of all tokens.
 *
 * @param layout a layout with KVP 1
 */
public record TensorParallelStrategy(Layout layout) implements OneGroupStrategy {
  /**
   * Checks that KVP is 1.
   *
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
    HeadSplit heads = new HeadSplit(KvHeads.DUPLICATED, OptionalInt.empty());
    return new GroupPlan(layout, whole, false, heads, MoeExchange.DEFAULT);
  }
}
