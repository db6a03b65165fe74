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
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContiguousPlacementTest implements KvPlacementContract {
  @Override
  public KvPlacement of(int shards, int tokens) {
    return new ContiguousPlacement(shards, tokens);
  }

  @Property(seed = "20250150", tries = 400)
  void ownersNeverGoBackAndEveryPartButTheLastIsFull(@ForAll("placed") Placed placed) {
    ContiguousPlacement placement = (ContiguousPlacement) placed.placement();
    for (int position = 1; position < placed.tokens(); position++) {
      int step = placement.owner(position) - placement.owner(position - 1);
      assertTrue(step == 0 || step == 1, () -> "owners differ by " + step);
    }
    int full = placement.localLength(0, placement.capacity());
    int last = placement.owner(placement.capacity() - 1);
    for (int shard = 0; shard < last; shard++) {
      assertEquals(full, placement.localLength(shard, placement.capacity()));
    }
    assertTrue((long) full * placement.shards() >= placement.capacity(), "all parts are too short");
    assertTrue(
        (long) (full - 1) * placement.shards() < placement.capacity(),
        "parts of one less would do");
  }

  @ParameterizedTest
  @CsvSource({
    "4, 3, 4, 2 2 0",
    "7, 2, 7, 4 3",
    "8, 2, 8, 4 4",
    "9, 2, 9, 5 4",
    "1, 3, 1, 1 0 0",
    "10, 3, 3, 3 0 0", // not yet full: the later shards are empty
    "10, 3, 5, 4 1 0",
  })
  void localLengthsAreThoseComputedByHand(int capacity, int shards, int tokens, String lengths) {
    ContiguousPlacement placement = new ContiguousPlacement(shards, capacity);
    StringBuilder found = new StringBuilder();
    for (int shard = 0; shard < shards; shard++) {
      found.append(shard == 0 ? "" : " ").append(placement.localLength(shard, tokens));
    }
    assertEquals(lengths, found.toString());
  }

  @Test
  void whatIsBeyondTheCapacityIsRefused() {
    ContiguousPlacement placement = new ContiguousPlacement(3, 4);
    assertRefused("position 4 is beyond the capacity of 4 tokens", () -> placement.owner(4));
    assertRefused("position 4 is beyond the capacity of 4 tokens", () -> placement.slot(4));
    assertRefused("5 tokens exceed the capacity of 4", () -> placement.localLength(0, 5));
    assertRefused("slot 2 is beyond the 2 tokens of a shard", () -> placement.position(0, 2));
    // Two parts of 2 hold all 4 tokens: the third shard never gets one.
    assertRefused("position 4 is beyond the capacity of 4 tokens", () -> placement.position(2, 0));
  }

  @Property(seed = "20250151", tries = 500)
  void theLawsHoldUpToTheLastPosition(@ForAll("huge") ContiguousPlacement placement) {
    int capacity = placement.capacity();
    for (int position : new int[] {0, capacity / 2, capacity - 2, capacity - 1}) {
      int owner = placement.owner(position);
      int slot = placement.slot(position);
      assertTrue(owner < placement.shards(), () -> "owner " + owner);
      assertEquals(position, placement.position(owner, slot));
      assertEquals(slot, placement.localLength(owner, position));
      assertEquals(slot + 1, placement.localLength(owner, position + 1));
    }
    long sum = 0;
    for (int shard = 0; shard < placement.shards(); shard++) {
      sum += placement.localLength(shard, capacity);
    }
    assertEquals(capacity, sum);
  }

  /** Parts of 2 tokens: this shard's would begin at position 2.8 · 10⁹. */
  @Test
  void aShardBeyondTheLastPositionIsEmpty() {
    KvPlacement placement = new ContiguousPlacement(1_500_000_000, Integer.MAX_VALUE);
    assertEquals(0, placement.localLength(1_400_000_000, Integer.MAX_VALUE));
  }

  @Test
  void shardsAndCapacityAreAtLeastOne() {
    Exception shards =
        assertThrows(InvalidInputException.class, () -> new ContiguousPlacement(0, 16));
    assertEquals("KVP must be at least 1, got 0", shards.getMessage());
    Exception capacity =
        assertThrows(InvalidInputException.class, () -> new ContiguousPlacement(2, 0));
    assertEquals(
        "capacity of a contiguous placement must be at least 1 token, got 0",
        capacity.getMessage());
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Override
  @Provide
  public Arbitrary<Placed> placed() {
    return Combinators.combine(
            Arbitraries.of(1, 2, 3, 4, 5, 8),
            Arbitraries.integers().between(0, 9),
            Arbitraries.integers().between(-2, 2))
        .flatAs(
            (n, length, beside) -> {
              int capacity = Math.max(1, n * length + beside);
              return Arbitraries.integers()
                  .between(0, capacity)
                  .map(tokens -> new Placed(new ContiguousPlacement(n, capacity), tokens));
            });
  }

  @Provide
  Arbitrary<ContiguousPlacement> huge() {
    return Combinators.combine(
            Arbitraries.of(1, 2, 3, 7, 1000, 1024),
            Arbitraries.integers().between(Integer.MAX_VALUE - 3000, Integer.MAX_VALUE))
        .as(ContiguousPlacement::new);
  }
}
