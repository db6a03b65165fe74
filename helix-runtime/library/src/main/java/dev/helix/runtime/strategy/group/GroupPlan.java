package dev.helix.runtime.strategy.group;

import dev.helix.attention.placement.KvPlacement;
import dev.helix.ffn.helix.MoeExchange;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.tensor.mesh.Layout;

/**
 * The plan by which the ranks of one group run layers together.
 *
 * @param layout what each rank is in attention and in the FFN
 * @param placement which tokens of a request a shard of the KV cache keeps
 * @param hopB whether attention and its exchange are launched for each request by itself
 * @param heads how heads are divided among the ranks
 * @param moe what the ranks exchange for experts
 */
public record GroupPlan(
    Layout layout, PlacementRule placement, boolean hopB, HeadSplit heads, MoeExchange moe) {
  /** The placement of a request. */
  KvPlacement placed(int capacity) {
    return placement.place(layout.kvp(), capacity);
  }

  /** How many ranks of each KVP group own whole heads after the exchange. */
  int owners() {
    return heads.ownersOf(layout);
  }
}
