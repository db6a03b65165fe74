package dev.helix.laws.merge.cases;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The closed formula counts the tokens that a loop over them counts. */
class NeedleTest {
  @Test
  void shardsHoldWhatALoopOverTheTokensDealsThem() {
    SplittableRandom random = new SplittableRandom(1);
    for (int shards : new int[] {8, 12, 64}) {
      for (boolean roundRobin : new boolean[] {false, true}) {
        Needle needle = new Needle(1000, shards, roundRobin);
        Haystack haystack = Haystack.of(needle, 1, random.nextLong());
        long[][] dealt = dealt(haystack);
        long[] all = new long[Haystack.KINDS];
        for (int shard = 0; shard < shards; shard++) {
          assertArrayEquals(dealt[shard], haystack.counts(shard), needle + ", shard " + shard);
          assertEquals(needle.isEmpty(shard), Arrays.stream(dealt[shard]).sum() == 0);
          for (int kind = 0; kind < all.length; kind++) {
            all[kind] += dealt[shard][kind];
          }
        }
        assertArrayEquals(all, haystack.counts());
      }
    }
  }

  @Test
  void casesHaveEveryNeedleAndAreDrawnAgainFromTheirSeeds() {
    List<Needle> tried = new ArrayList<>();
    for (MergeCase given : MergeCases.of(1, 0)) {
      if (given.hard().contains(HardCase.NEEDLE)) {
        tried.add(Needle.of(given));
        MergeCase again = Haystack.of(given).states();
        assertArrayEquals(given.lses(), again.lses());
        assertArrayEquals(given.outputs(), again.outputs());
      }
    }
    assertEquals(Needle.all(), tried);
    assertEquals(12, Set.copyOf(tried).size());
  }

  private static long[][] dealt(Haystack haystack) {
    Needle needle = haystack.needle();
    int tokens = Math.toIntExact(needle.tokens());
    List<Integer> owners =
        IntStream.range(0, needle.shards()).filter(shard -> shard % 8 != 5).boxed().toList();
    int each = (tokens + owners.size() - 1) / owners.size();
    long[][] dealt = new long[needle.shards()][Haystack.KINDS];
    for (int token = 0; token < tokens; token++) {
      int turn = needle.roundRobin() ? token % owners.size() : token / each;
      int kind = token < 333 ? 0 : token < 666 ? 1 : 2;
      dealt[owners.get(turn)][token == haystack.position() ? 3 : kind]++;
    }
    return dealt;
  }
}
