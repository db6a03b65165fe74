package dev.helix.laws.decode;

/**
 * How the tokens of a request are dealt to the KVP ranks: round robin in runs, where the rank of
 * KVP index r keeps the shard (r + turn) mod KVP. A turn lets the first rank, or one in the middle,
 * be the one that has no tokens; without it only the last ranks can be.
 *
 * @param runLength consecutive tokens that a shard keeps before the next one's turn
 * @param turn by how many shards the ranks are turned, at least 0
 */
public record TokenDeal(int runLength, int turn) {
  /**
   * @throws IllegalArgumentException if the turn is negative
   */
  public TokenDeal {
    if (turn < 0) {
      throw new IllegalArgumentException("ranks are turned by 0 shards or more, got " + turn);
    }
  }

  /** Each rank keeps the shard of its own KVP index. */
  static TokenDeal inRunsOf(int tokens) {
    return new TokenDeal(tokens, 0);
  }

  /** Which shard of each request the rank of a KVP index keeps. */
  public int shard(int kvpIndex, int kvp) {
    return (kvpIndex + turn) % kvp;
  }
}
