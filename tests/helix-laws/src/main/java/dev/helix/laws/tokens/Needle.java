package dev.helix.laws.tokens;

import java.util.ArrayList;
import java.util.List;

/**
 * A request of a million tokens or more, one of which, the needle, weighs about as much as all
 * others together. The other tokens are of a few kinds, and a formula gives the number of tokens of
 * each kind on a shard. So the states of all shards, and the attention of all tokens, are known
 * without storing any token.
 *
 * <p>The shards whose number is 5 modulo 8 hold none of the tokens.
 *
 * @param tokens of the request
 * @param shards on which they are, at least 8
 * @param roundRobin whether the shards that hold tokens take turns; if not, each holds the tokens
 *     that follow those of the shard before it
 */
public record Needle(long tokens, int shards, boolean roundRobin) {
  private static final int PERIOD = 8;
  private static final int EMPTY = 5;
  private static final long MILLION = 1 << 20;
  private static final long FOUR_MILLIONS = 1 << 22;

  /** Bits of a seed that say which needle it is. */
  private static final long LONGER = 1;

  private static final long IN_TURN = 2;

  /** 2^20 and 2^22 tokens on 8, 64 and 256 shards, in both placements. */
  public static List<Needle> all() {
    List<Needle> all = new ArrayList<>();
    for (int shards : new int[] {8, 64, 256}) {
      for (long tokens : new long[] {MILLION, FOUR_MILLIONS}) {
        all.add(new Needle(tokens, shards, false));
        all.add(new Needle(tokens, shards, true));
      }
    }
    return List.copyOf(all);
  }

  /** Lists the needles in 2^20 tokens on 8 shards. */
  public static List<Needle> least() {
    return List.of(new Needle(MILLION, PERIOD, false), new Needle(MILLION, PERIOD, true));
  }

  /** Returns the needle on so many shards that a {@linkplain #marked marked} seed names. */
  public static Needle of(int shards, long seed) {
    return new Needle(
        (seed & LONGER) == 0 ? MILLION : FOUR_MILLIONS, shards, (seed & IN_TURN) != 0);
  }

  /** Returns the seed with two bits changed, which then say which of {@link #all} this is. */
  public long marked(long seed) {
    long longer = tokens == FOUR_MILLIONS ? LONGER : 0;
    return (seed & ~(LONGER | IN_TURN)) | longer | (roundRobin ? IN_TURN : 0);
  }

  /** Whether a shard holds none of the tokens. */
  public boolean isEmpty(int shard) {
    return shard % PERIOD == EMPTY;
  }

  /** Number of tokens at positions from {@code from} to before {@code to} that a shard holds. */
  public long count(int shard, long from, long to) {
    return isEmpty(shard) ? 0 : before(shard, to) - before(shard, from);
  }

  /** The shard of a position. */
  public int owner(long position) {
    int turn = (int) (roundRobin ? position % owners() : position / mostOfShard());
    int shard = turn / (PERIOD - 1) * PERIOD + turn % (PERIOD - 1);
    return shard % PERIOD < EMPTY ? shard : shard + 1;
  }

  /** Number of tokens that the fullest shard holds. */
  public long mostOfShard() {
    return (tokens + owners() - 1) / owners();
  }

  private int owners() {
    return shards - shards / PERIOD;
  }

  private long before(int shard, long position) {
    int turn = shard - shard / PERIOD - (shard % PERIOD > EMPTY ? 1 : 0);
    return roundRobin
        ? (position + owners() - 1 - turn) / owners()
        : Math.max(0, Math.min(mostOfShard(), position - turn * mostOfShard()));
  }

  @Override
  public String toString() {
    return "%d tokens on %d shards, %s"
        .formatted(tokens, shards, roundRobin ? "round robin" : "contiguous");
  }
}
