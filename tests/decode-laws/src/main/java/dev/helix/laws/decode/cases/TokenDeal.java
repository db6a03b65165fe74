package dev.helix.laws.decode.cases;

/**
 * Says how the tokens of a request are dealt to the KVP ranks: round robin in runs, where the rank
 * of KVP index r keeps the shard (r + turn) mod KVP. With a turn, the first rank or one in the
 * middle can be the one without tokens; without a turn only the last ranks can.
 *
 * @param runLength number of consecutive tokens that a shard keeps before the next shard takes its
 *     turn
 * @param turn number of shards by which the ranks are turned, at least 0
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

  /** A deal in runs of so many tokens, where each rank keeps the shard of its own KVP index. */
  static TokenDeal inRunsOf(int tokens) {
    return new TokenDeal(tokens, 0);
  }

  /** The shard of each request that the rank of a KVP index keeps. */
  public int shard(int kvpIndex, int kvp) {
    return (kvpIndex + turn) % kvp;
  }
}
