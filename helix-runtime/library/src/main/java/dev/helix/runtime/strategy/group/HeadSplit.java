package dev.helix.runtime.strategy.group;

import dev.helix.attention.helix.KvHeads;
import dev.helix.tensor.mesh.Layout;
import java.util.OptionalInt;

/**
 * How heads are spread over the ranks of a group.
 *
 * @param kvHeads whether TPA may go beyond the model's KV heads
 * @param owners how many ranks of each KVP group own whole heads after the exchange; empty if all
 *     do
 */
public record HeadSplit(KvHeads kvHeads, OptionalInt owners) {
  /** As in Helix: no KV head is duplicated, and every rank owns heads. */
  public static final HeadSplit HELIX = new HeadSplit(KvHeads.SPLIT, OptionalInt.empty());

  int ownersOf(Layout layout) {
    return owners.orElse(layout.kvp());
  }
}
