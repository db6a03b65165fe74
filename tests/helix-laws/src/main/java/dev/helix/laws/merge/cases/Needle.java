package dev.helix.laws.merge.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A request of a million tokens or more, one of which, the needle, weighs about as much as all
 * others together. The other tokens have only a few different scores, and a formula gives the
 * number of tokens of each score on a shard. So the states of all shards, and the attention of all
 * tokens, are known without storing any token.
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

  /** Bits of a case's seed that say which needle it is. */
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

  /** The needle of a case of {@link HardCase#NEEDLE}. */
  static Needle of(MergeCase given) {
    boolean longer = (given.seed() & LONGER) != 0;
    return new Needle(
        longer ? FOUR_MILLIONS : MILLION, given.shards(), (given.seed() & IN_TURN) != 0);
  }

  /** Draws a case: the states of all shards, for one query token and one head. */
  MergeCase make(SplittableRandom random) {
    long seed = random.nextLong() >>> 1 & ~(LONGER | IN_TURN);
    seed |= (tokens == FOUR_MILLIONS ? LONGER : 0) | (roundRobin ? IN_TURN : 0);
    return Haystack.of(this, 1 + random.nextInt(3), seed).states();
  }

  /** Whether a shard holds none of the tokens. */
  public boolean isEmpty(int shard) {
    return shard % PERIOD == EMPTY;
  }

  /** Number of tokens at positions from {@code from} to before {@code to} that a shard holds. */
  public long count(int shard, long from, long to) {
    return isEmpty(shard) ? 0 : before(shard, to) - before(shard, from);
  }

  private long before(int shard, long position) {
    int owners = shards - shards / PERIOD;
    int turn = shard - shard / PERIOD - (shard % PERIOD > EMPTY ? 1 : 0);
    if (roundRobin) {
      return (position + owners - 1 - turn) / owners;
    }
    long each = (tokens + owners - 1) / owners;
    return Math.max(0, Math.min(each, position - turn * each));
  }

  @Override
  public String toString() {
    return "%d tokens on %d shards, %s"
        .formatted(tokens, shards, roundRobin ? "round robin" : "contiguous");
  }
}
