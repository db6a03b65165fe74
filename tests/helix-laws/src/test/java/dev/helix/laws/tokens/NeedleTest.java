package dev.helix.laws.tokens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The closed formula counts the tokens that a loop over them counts. */
class NeedleTest {
  private static final int TOKENS = 1000;

  @Test
  void shardsHoldWhatALoopOverTheTokensDealsThem() {
    SplittableRandom random = new SplittableRandom(1);
    for (int shards : new int[] {8, 12, 64}) {
      for (boolean roundRobin : new boolean[] {false, true}) {
        for (int end : new int[] {0, 1, 332, 333, 500, 999, TOKENS}) {
          Needle needle = new Needle(TOKENS, shards, roundRobin);
          Haystack haystack = new Haystack(needle, random.nextInt(TOKENS));
          long[][] dealt = dealt(haystack, end);
          long[] all = new long[Haystack.KINDS];
          for (int shard = 0; shard < shards; shard++) {
            String where = "%s, shard %d before %d".formatted(haystack, shard, end);
            assertArrayEquals(dealt[shard], haystack.counts(shard, end), where);
            for (int kind = 0; kind < all.length; kind++) {
              all[kind] += dealt[shard][kind];
            }
          }
          assertArrayEquals(all, haystack.counts(end));
        }
      }
    }
  }

  @Test
  void ownersAreThoseThatACounterOfTheTokensFinds() {
    for (int shards : new int[] {8, 12, 64}) {
      for (boolean roundRobin : new boolean[] {false, true}) {
        Needle needle = new Needle(TOKENS, shards, roundRobin);
        TokenOwners owners = TokenOwners.of(needle);
        for (int shard = 0; shard < shards; shard++) {
          int[] positions = owners.positions(shard);
          assertEquals(needle.count(shard, 0, TOKENS), positions.length, needle + ", " + shard);
          assertEquals(needle.isEmpty(shard), positions.length == 0);
          for (int position : positions) {
            assertEquals(1, needle.count(shard, position, position + 1));
          }
        }
      }
    }
  }

  @Test
  void aMarkedSeedSaysWhichNeedleItIs() {
    for (Needle needle : Needle.all()) {
      for (long seed : new long[] {0, 3, Long.MAX_VALUE}) {
        assertEquals(needle, Needle.of(needle.shards(), needle.marked(seed)));
      }
    }
  }

  /** Of each shard, how many tokens of each kind it holds before a position. */
  private static long[][] dealt(Haystack haystack, int end) {
    Needle needle = haystack.needle();
    List<Integer> owners =
        IntStream.range(0, needle.shards()).filter(shard -> shard % 8 != 5).boxed().toList();
    int each = (TOKENS + owners.size() - 1) / owners.size();
    long[][] dealt = new long[needle.shards()][Haystack.KINDS];
    for (int token = 0; token < end; token++) {
      int turn = needle.roundRobin() ? token % owners.size() : token / each;
      int kind = token == haystack.position() ? 3 : token < 333 ? 0 : token < 666 ? 1 : 2;
      assertEquals(kind, haystack.kind(token));
      dealt[owners.get(turn)][kind]++;
    }
    long sum = Arrays.stream(dealt).flatMapToLong(Arrays::stream).sum();
    assertEquals(end, sum);
    return dealt;
  }
}
