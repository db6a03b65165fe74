package dev.helix.laws.placement;

import dev.helix.attention.placement.KvPlacement;

/** One rank's view of the owners and slots of the tokens of one request. */
public interface TokenPlacement {
  /** The shard that keeps the token at a position. */
  int owner(int position);

  /** The place of a token among those of its owner, which rise in position. */
  int slot(int position);

  /** The inverse: the position of the token in a slot of a shard. */
  int position(int shard, int slot);

  /** Number of the request's first {@code tokens} tokens that a shard keeps. */
  int localLength(int shard, int tokens);

  /** The view of a rank that asks a placement of this project. */
  static TokenPlacement of(KvPlacement placement) {
    return new TokenPlacement() {
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
