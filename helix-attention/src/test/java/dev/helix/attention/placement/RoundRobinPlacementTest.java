package dev.helix.attention.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.InvalidInputException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoundRobinPlacementTest implements KvPlacementContract {
  @Override
  public KvPlacement of(int shards, int tokens) {
    return new RoundRobinPlacement(shards, 16);
  }

  /** Deals tokens one by one, as one deals cards. */
  @Property(seed = "20250140", tries = 400)
  void tokensAreDealtInRunsOneShardAfterTheOther(@ForAll("placed") Placed placed) {
    RoundRobinPlacement placement = (RoundRobinPlacement) placed.placement();
    int[] held = new int[placement.shards()];
    int shard = 0;
    int left = placement.runLength();
    for (int position = 0; position < placed.tokens(); position++) {
      if (left == 0) {
        shard = shard + 1 == placement.shards() ? 0 : shard + 1;
        left = placement.runLength();
      }
      assertEquals(shard, placement.owner(position));
      assertEquals(held[shard], placement.slot(position));
      held[shard]++;
      left--;
    }
  }

  @Property(seed = "20250141", tries = 400)
  void noShardIsMoreThanARunAheadOfAnother(@ForAll("placed") Placed placed) {
    RoundRobinPlacement placement = (RoundRobinPlacement) placed.placement();
    for (int shard : placed.shards()) {
      int ahead =
          placement.localLength(0, placed.tokens()) - placement.localLength(shard, placed.tokens());
      assertTrue(ahead >= 0 && ahead <= placement.runLength(), () -> "ahead by " + ahead);
    }
  }

  /** k whole rounds of N·I tokens, one token fewer and one more. */
  @ParameterizedTest
  @CsvSource({
    "1, 1", "1, 16", "1, 64", "2, 1", "2, 16", "2, 64", "3, 1", "3, 16", "3, 64", "4, 1", "4, 16",
    "4, 64", "8, 1", "8, 16", "8, 64",
  })
  void aboutAWholeNumberOfRoundsTheFirstAndTheLastShardDiffer(int shards, int run) {
    RoundRobinPlacement placement = new RoundRobinPlacement(shards, run);
    for (int rounds = 1; rounds <= 3; rounds++) {
      int tokens = rounds * shards * run;
      for (int shard = 0; shard < shards; shard++) {
        int whole = rounds * run;
        int oneFewer = shard == shards - 1 ? whole - 1 : whole;
        int oneMore = shard == 0 ? whole + 1 : whole;
        assertEquals(oneFewer, placement.localLength(shard, tokens - 1));
        assertEquals(whole, placement.localLength(shard, tokens));
        assertEquals(oneMore, placement.localLength(shard, tokens + 1));
      }
    }
  }

  /** ⌊S/(N·I)⌋·I + clamp(S mod (N·I) − r·I, 0, I). */
  @ParameterizedTest
  @CsvSource({
    "2, 1, 7, 0, 4", // the length that one system took for 6
    "2, 1, 7, 1, 3",
    "2, 16, 7, 0, 7",
    "2, 16, 7, 1, 0",
    "4, 16, 100, 0, 32", // 64 + 36: two whole runs and 4 tokens of a third
    "4, 16, 100, 1, 32",
    "4, 16, 100, 2, 20",
    "4, 16, 100, 3, 16",
    "3, 5, 31, 0, 11",
    "3, 5, 31, 1, 10",
    "8, 1, 3, 2, 1",
    "8, 1, 3, 3, 0",
    "8, 16, 1000000, 0, 125008", // 7812 rounds of 128, and 64 tokens
    "8, 16, 1000000, 3, 125008",
    "8, 16, 1000000, 4, 124992",
    "8, 16, 1000000, 7, 124992",
  })
  void localLengthsAreThoseComputedByHand(
      int shards, int run, int tokens, int shard, int expected) {
    assertEquals(expected, new RoundRobinPlacement(shards, run).localLength(shard, tokens));
  }

  /** A round of N·I tokens does not fit into an int here; positions still do. */
  @Property(seed = "20250142", tries = 1000)
  void theLawsHoldUpToTheLastPosition(@ForAll("huge") RoundRobinPlacement placement) {
    for (int back = 0; back < 3; back++) {
      int position = Integer.MAX_VALUE - 1 - back;
      int owner = placement.owner(position);
      int slot = placement.slot(position);
      assertEquals(position, placement.position(owner, slot));
      assertEquals(slot, placement.localLength(owner, position));
      assertEquals(slot + 1, placement.localLength(owner, position + 1));
    }
    long sum = 0;
    for (int shard = 0; shard < placement.shards(); shard++) {
      sum += placement.localLength(shard, Integer.MAX_VALUE);
    }
    assertEquals(Integer.MAX_VALUE, sum);
  }

  @Test
  void aSlotWhosePositionNoIntHoldsIsAnErrorAndNotAWrongPosition() {
    RoundRobinPlacement placement = new RoundRobinPlacement(8, 16);
    assertThrows(ArithmeticException.class, () -> placement.position(0, Integer.MAX_VALUE));
    assertThrows(
        ArithmeticException.class, () -> new RoundRobinPlacement(1024, 1 << 30).position(1023, 0));
  }

  @Test
  void shardsAndRunsAreAtLeastOne() {
    Exception shards =
        assertThrows(InvalidInputException.class, () -> new RoundRobinPlacement(0, 16));
    assertEquals("KVP must be at least 1, got 0", shards.getMessage());
    Exception run = assertThrows(InvalidInputException.class, () -> new RoundRobinPlacement(2, 0));
    assertEquals("run length must be at least 1, got 0", run.getMessage());
  }

  @Override
  @Provide
  public Arbitrary<Placed> placed() {
    Arbitrary<Integer> shards = Arbitraries.of(1, 2, 3, 4, 5, 8);
    Arbitrary<Integer> runs = Arbitraries.of(1, 2, 3, 16, 17);
    return Combinators.combine(
            shards,
            runs,
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(-2, 2))
        .as(
            (n, run, rounds, beside) ->
                new Placed(
                    new RoundRobinPlacement(n, run), Math.max(0, rounds * n * run + beside)));
  }

  @Provide
  Arbitrary<RoundRobinPlacement> huge() {
    return Combinators.combine(
            Arbitraries.of(1, 2, 3, 7, 64, 1000, 1024),
            Arbitraries.of(1, 16, 4096, 2_097_151, 2_097_152, 1 << 30, Integer.MAX_VALUE))
        .as(RoundRobinPlacement::new);
  }
}
