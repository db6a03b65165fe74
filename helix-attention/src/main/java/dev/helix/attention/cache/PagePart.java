package dev.helix.attention.cache;

import dev.helix.attention.KvPage;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;

/**
 * The slots {@code [from, from + tokens)} of one page, which a query may see.
 *
 * @param page the page
 * @param from the first of these slots, counted within the page
 * @param tokens number of these slots, at least 1
 * @param localSlot the first of these slots, counted over all pages of the request's shard
 */
public record PagePart<T extends Tensor>(KvPage<T> page, int from, int tokens, int localSlot) {
  /** Number of KV heads of the page. */
  public int kvHeads() {
    return page.keys().spec().size(Axis.KV_HEADS);
  }
}
