package dev.helix.laws.placement;

/** Where one rank believes that the tokens of one request belong. */
public interface TokenPlacement {
  /** The shard that keeps the token at a position. */
  int owner(int position);

  /** The place of a token among those of its owner, which rise in position. */
  int slot(int position);

  /** The inverse: the position of the token in a slot of a shard. */
  int position(int shard, int slot);

  /** How many of the request's first tokens a shard keeps. */
  int localLength(int shard, int tokens);
}
