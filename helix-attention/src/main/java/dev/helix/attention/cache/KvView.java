package dev.helix.attention.cache;

import dev.helix.tensor.Tensor;
import java.util.List;

/**
 * The part of a rank's cache that one query token may see: the first {@code length} tokens of its
 * request on this rank, in pages that are full except for the last that is used. What the pages
 * hold behind {@code length} is not to be read: it may be another token's, or poison.
 *
 * @param length may be 0: the rank still takes part, with an empty state
 * @param occupiedShards how many shards, this one or others, have tokens that the query may see: so
 *     many parts will be merged
 */
public record KvView<T extends Tensor>(List<KvPage<T>> pages, int length, int occupiedShards) {
  /** A view of a request of which no other shard has tokens. */
  public KvView(List<KvPage<T>> pages, int length) {
    this(pages, length, Math.min(1, length));
  }

  public KvView {
    pages = List.copyOf(pages);
    if (length < 0) {
      throw new IllegalArgumentException("length of a cache view is " + length + ", expected >= 0");
    }
  }
}
