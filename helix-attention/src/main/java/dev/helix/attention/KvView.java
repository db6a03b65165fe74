package dev.helix.attention;

import dev.helix.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * The tokens of a rank's cache that one query token may see: {@code length} tokens of its request,
 * from slot {@code first} on. Pages are full except for the last one used. What they hold before
 * and behind the view must not be read: it may be another token's, or poison.
 *
 * @param pages the pages of the request on this rank, in order
 * @param length number of tokens; if it is 0 the rank still takes part, with an empty state
 * @param first number of slots at the start of the shard that lie before the query's window,
 *     counted over all pages
 * @param positions the positions of the slots, which are needed where scores depend on positions
 * @param occupiedShards how many shards, this one included, have tokens that the query may see: so
 *     many parts will be merged
 */
public record KvView<T extends Tensor>(
    List<KvPage<T>> pages,
    int length,
    int first,
    Optional<SlotPositions> positions,
    int occupiedShards) {
  public KvView {
    pages = List.copyOf(pages);
    if (length < 0) {
      throw new IllegalArgumentException("length of a cache view is " + length + ", expected >= 0");
    }
    if (first < 0) {
      throw new IllegalArgumentException(
          "first slot of a cache view is " + first + ", expected >= 0");
    }
  }

  /** A view of a request whose tokens are all on this shard. */
  public KvView(List<KvPage<T>> pages, int length, int first, Optional<SlotPositions> positions) {
    this(pages, length, first, positions, Math.min(1, length));
  }

  /**
   * A view from the first slot on, without positions, of a request whose tokens are all on this
   * shard.
   */
  public KvView(List<KvPage<T>> pages, int length) {
    this(pages, length, 0, Optional.empty());
  }

  /**
   * The positions of the slots.
   *
   * @throws IllegalArgumentException naming the operation if the view has none
   */
  public SlotPositions positions(String operation) {
    return positions.orElseThrow(
        () ->
            new IllegalArgumentException(
                operation + ": scores by position need views that know positions"));
  }
}
