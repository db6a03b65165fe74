package dev.helix.attention;

import dev.helix.attention.placement.KvPlacement;

/**
 * The positions of the slots of one shard in the sequence, seen from one query.
 *
 * @param placement which shard keeps which token
 * @param kvpIndex index of the shard
 * @param query the query's position
 */
public record SlotPositions(KvPlacement placement, int kvpIndex, int query) {
  /**
   * The distance from the token in a local slot to the query, in positions: 0 for the query's own
   * token.
   */
  public int distance(int slot) {
    return query - placement.position(kvpIndex, slot);
  }
}
