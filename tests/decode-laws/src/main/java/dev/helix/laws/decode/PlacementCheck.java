package dev.helix.laws.decode;

import dev.helix.attention.placement.KvPlacement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks the placement that the ranks follow, asking each rank about the shard that it keeps. Every
 * position has one owner, (shard, slot) leads back to it, and a shard's local length is the number
 * of positions that it owns.
 */
final class PlacementCheck {
  private final List<Believed> ofShards;
  private final Demands demands;

  /**
   * One rank's view of the placement, which can be wrong; it has the queries of {@link
   * KvPlacement}.
   */
  interface Believed {
    int owner(int position);

    int slot(int position);

    int position(int shard, int slot);

    int localLength(int shard, int tokens);

    static Believed of(KvPlacement placement) {
      return new Believed() {
        @Override
        public int owner(int position) {
          return placement.owner(position);
        }

        @Override
        public int slot(int position) {
          return placement.slot(position);
        }

        @Override
        public int position(int shard, int slot) {
          return placement.position(shard, slot);
        }

        @Override
        public int localLength(int shard, int tokens) {
          return placement.localLength(shard, tokens);
        }
      };
    }
  }

  /**
   * @param ofShards for each shard the view of the rank that keeps it
   */
  PlacementCheck(List<Believed> ofShards, Demands demands) {
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
        Believed own = ofShards.get(shard);
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
