package dev.helix.laws.decode;

import dev.helix.laws.placement.TokenPlacement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks the placement that the ranks follow, asking each rank about the shard that it keeps. Every
 * position has one owner, (shard, slot) leads back to it, and a shard's local length is the number
 * of positions that it owns.
 */
final class PlacementCheck {
  private final List<TokenPlacement> ofShards;
  private final Demands demands;

  /**
   * @param ofShards for each shard the view of the rank that keeps it
   */
  PlacementCheck(List<TokenPlacement> ofShards, Demands demands) {
    this.ofShards = List.copyOf(ofShards);
    this.demands = demands;
  }

  /** Checks the placement for a request of so many tokens, and for each shorter one. */
  void hold(int tokens) {
    int[] owned = new int[ofShards.size()];
    Set<List<Integer>> places = new HashSet<>();
    lengths(0, owned);
    for (int position = 0; position < tokens; position++) {
      int owners = 0;
      for (int shard = 0; shard < owned.length; shard++) {
        TokenPlacement own = ofShards.get(shard);
        if (own.owner(position) == shard) {
          owners++;
          owned[shard]++;
          int at = position;
          demands.require(
              own.position(shard, own.slot(position)) == position
                  && places.add(List.of(shard, own.slot(position))),
              () -> "position %d has no place of its own".formatted(at));
        }
      }
      int found = owners;
      int at = position;
      demands.require(owners == 1, () -> "position %d has %d owners".formatted(at, found));
      lengths(position + 1, owned);
    }
  }

  /**
   * Checks the local lengths of all shards. They add up to the tokens, because each position has
   * one owner.
   */
  private void lengths(int tokens, int[] owned) {
    for (int shard = 0; shard < owned.length; shard++) {
      int of = shard;
      int expected = owned[shard];
      int length = ofShards.get(shard).localLength(shard, tokens);
      demands.same(
          length == expected,
          new double[] {expected},
          new double[] {length},
          () ->
              "shard %d owns %d of the first %d tokens, its local length is %d"
                  .formatted(of, expected, tokens, length));
    }
  }
}
