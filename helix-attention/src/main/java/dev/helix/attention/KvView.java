package dev.helix.attention;

import dev.helix.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * The part of a rank's cache that one query token may see: of its request's tokens on this rank the
 * {@code length} from slot {@code first} on, in pages that are full except for the last that is
 * used. What the pages hold before and behind them is not to be read: it may be another token's, or
 * poison.
 *
 * @param length may be 0: the rank still takes part, with an empty state
 * @param first slots before it, all pages counted through, are out of the query's window
 * @param positions of the slots; needed where scores depend on positions
 * @param occupiedShards how many shards, this one or others, have tokens that the query may see: so
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

  /** A view of a request of which no other shard has tokens. */
  public KvView(List<KvPage<T>> pages, int length, int first, Optional<SlotPositions> positions) {
    this(pages, length, first, positions, Math.min(1, length));
  }

  /** A view from the first slot on, without positions, where no other shard has tokens. */
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
