package dev.helix.attention;

import dev.helix.attention.placement.KvPlacement;

/**
 * Where the slots of one shard stand in the sequence, seen from a query.
 *
 * @param kvpIndex which shard of the placement
 * @param query the query's position
 */
public record SlotPositions(KvPlacement placement, int kvpIndex, int query) {
  /** How many positions before the query the token in a local slot is: 0 for the query's own. */
  public int distance(int slot) {
    return query - placement.position(kvpIndex, slot);
  }
}
