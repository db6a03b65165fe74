package dev.helix.attention.placement;

/**
 * Says which KVP shard keeps which token of a request: a bijection between positions and (shard,
 * slot) (Helix Parallelism §2, law 18).
 *
 * <p>Within a shard, slots are in order of position. So the tokens that a query at position p may
 * see on a shard are its first {@code localLength(shard, p + 1)} slots, whatever was appended
 * since. The causal bound is thus a length, which is computed from global positions.
 */
public sealed interface KvPlacement permits RoundRobinPlacement, ContiguousPlacement {
  /** Number of shards, KVP. */
  int shards();

  /** The shard that keeps the token at {@code position}. */
  int owner(int position);

  /** The slot of the token at {@code position} in its owner's shard. */
  int slot(int position);

  /** The position of the token in {@code slot} of {@code shard}; the inverse of owner and slot. */
  int position(int shard, int slot);

  /** How many of the first {@code tokens} positions {@code shard} keeps. */
  int localLength(int shard, int tokens);

  /** How many shards keep any of the positions {@code [from, to)}. */
  default int occupiedShards(int from, int to) {
    int occupied = 0;
    for (int shard = 0; shard < shards(); shard++) {
      if (localLength(shard, to) > localLength(shard, from)) {
        occupied++;
      }
    }
    return occupied;
  }
}
