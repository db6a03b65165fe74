package dev.helix.runtime.strategy.group;

import dev.helix.attention.helix.KvHeads;
import dev.helix.tensor.mesh.Layout;
import java.util.OptionalInt;

/**
 * Says how heads are divided among the ranks of a group.
 *
 * @param kvHeads whether TPA may exceed the model's number of KV heads
 * @param owners how many ranks of each KVP group own whole heads after the exchange; empty if all
 *     do
 */
public record HeadSplit(KvHeads kvHeads, OptionalInt owners) {
  /** The split of Helix: no KV head is duplicated, and every rank owns heads. */
  public static final HeadSplit HELIX = new HeadSplit(KvHeads.SPLIT, OptionalInt.empty());

  int ownersOf(Layout layout) {
    return owners.orElse(layout.kvp());
  }
}
