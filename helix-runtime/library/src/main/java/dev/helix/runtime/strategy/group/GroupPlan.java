package dev.helix.runtime.strategy.group;

import dev.helix.attention.placement.KvPlacement;
import dev.helix.ffn.helix.MoeExchange;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.tensor.Group;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.List;

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

  /**
   * The groups in which ranks exchange, as {@link dev.helix.runtime.strategy.Strategy#exchanges}
   * says them.
   */
  List<List<Group>> exchanges() {
    List<List<Group>> exchanges = new ArrayList<>();
    exchanges.add(List.of(layout.all()));
    exchanges.add(layout.kvpGroups());
    if (moe.reduction() == MoeExchange.Reduction.BY_GROUP) {
      exchanges.add(layout.tpfGroups());
      exchanges.add(layout.epGroups());
    }
    return exchanges;
  }

  /** How many ranks of each KVP group own whole heads after the exchange. */
  int owners() {
    return heads.ownersOf(layout);
  }
}
