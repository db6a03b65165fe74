package dev.helix.laws.tokens;

import java.util.stream.IntStream;

/**
 * Says of which kind each token of a {@link Needle} is. The last of the {@link #KINDS} kinds is the
 * needle alone, and the others are thirds of the positions.
 *
 * @param needle the number of tokens, and the shards that hold them
 * @param position of the needle
 */
public record Haystack(Needle needle, long position) {
  public static final int KINDS = 4;

  /** The kind of a token. */
  public int kind(long token) {
    if (token == position) {
      return KINDS - 1;
    }
    int kind = 0;
    while (token >= from(kind + 1)) {
      kind++;
    }
    return kind;
  }

  /** Number of tokens of each kind that a shard holds at positions before {@code end}. */
  public long[] counts(int shard, long end) {
    return counts((from, to) -> needle.count(shard, from, to), end);
  }

  /** Number of tokens of each kind at positions before {@code end}. */
  public long[] counts(long end) {
    return counts((from, to) -> to - from, end);
  }

  /** Counts the tokens at positions from {@code from} to before {@code to}, which is not less. */
  private interface Count {
    long between(long from, long to);
  }

  private long[] counts(Count tokens, long end) {
    long own = position < end ? tokens.between(position, position + 1) : 0;
    return IntStream.range(0, KINDS)
        .mapToLong(
            kind ->
                isNeedle(kind)
                    ? own
                    : tokens.between(Math.min(end, from(kind)), Math.min(end, from(kind + 1)))
                        - (has(kind) ? own : 0))
        .toArray();
  }

  /** Whether the only token of this kind is the needle. */
  public static boolean isNeedle(int kind) {
    return kind == KINDS - 1;
  }

  /** Whether the needle has taken the place of a token of this kind. */
  private boolean has(int kind) {
    return from(kind) <= position && position < from(kind + 1);
  }

  /** The first position of a kind, where thirds of the positions begin. */
  private long from(int kind) {
    return needle.tokens() * kind / (KINDS - 1);
  }

  @Override
  public String toString() {
    return needle + ", the needle at position " + position;
  }
}
