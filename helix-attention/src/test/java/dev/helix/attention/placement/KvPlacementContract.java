package dev.helix.attention.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.function.Executable;

/** The laws of every placement, checked position by position. */
interface KvPlacementContract {
  /** A placement and the tokens that a request has so far, few enough to be enumerated. */
  record Placed(KvPlacement placement, int tokens) {
    List<Integer> shards() {
      return IntStream.range(0, placement.shards()).boxed().toList();
    }
  }

  /** A placement over {@code shards} shards with room for at least {@code tokens} tokens. */
  KvPlacement of(int shards, int tokens);

  /** Placements and lengths that look for trouble: about whole rounds, and fewer than shards. */
  @Provide
  Arbitrary<Placed> placed();

  @Property(seed = "20250130", tries = 400)
  default void everyTokenHasOneOwnerAndOnePlaceThere(@ForAll("placed") Placed placed) {
    KvPlacement placement = placed.placement();
    Set<List<Integer>> places = new HashSet<>();
    for (int position = 0; position < placed.tokens(); position++) {
      int owner = placement.owner(position);
      int slot = placement.slot(position);
      assertTrue(owner >= 0 && owner < placement.shards(), () -> "owner " + owner);
      assertTrue(places.add(List.of(owner, slot)), () -> "twice at " + owner + ", " + slot);
      assertEquals(position, placement.position(owner, slot));
    }
  }

  /** Law 18. */
  @Property(seed = "20250131", tries = 400)
  default void localLengthsAddUpToTheTokens(@ForAll("placed") Placed placed) {
    long sum = 0;
    for (int shard : placed.shards()) {
      sum += placed.placement().localLength(shard, placed.tokens());
    }
    assertEquals(placed.tokens(), sum);
  }

  /** At every length up to the last: this is what the causal bound of each query is made of. */
  @Property(seed = "20250132", tries = 400)
  default void theLocalLengthIsTheNumberOfOwnedTokensAfterEveryToken(
      @ForAll("placed") Placed placed) {
    KvPlacement placement = placed.placement();
    int[] owned = new int[placement.shards()];
    for (int tokens = 0; tokens <= placed.tokens(); tokens++) {
      for (int shard : placed.shards()) {
        assertEquals(owned[shard], placement.localLength(shard, tokens));
      }
      if (tokens < placed.tokens()) {
        owned[placement.owner(tokens)]++;
      }
    }
  }

  @Property(seed = "20250133", tries = 400)
  default void aShardFillsItsSlotsInOrderOfPositionWithoutGaps(@ForAll("placed") Placed placed) {
    int[] next = new int[placed.placement().shards()];
    for (int position = 0; position < placed.tokens(); position++) {
      int owner = placed.placement().owner(position);
      assertEquals(next[owner]++, placed.placement().slot(position));
    }
  }

  @Property(seed = "20250134", tries = 400)
  default void everySlotBelowTheLocalLengthHoldsAnEarlierToken(@ForAll("placed") Placed placed) {
    KvPlacement placement = placed.placement();
    for (int shard : placed.shards()) {
      int before = -1;
      for (int slot = 0; slot < placement.localLength(shard, placed.tokens()); slot++) {
        int position = placement.position(shard, slot);
        assertTrue(position > before && position < placed.tokens(), () -> "position " + position);
        assertEquals(shard, placement.owner(position));
        assertEquals(slot, placement.slot(position));
        before = position;
      }
    }
  }

  @Property(seed = "20250135", tries = 400)
  default void theOccupiedShardsAreThoseThatOwnAToken(
      @ForAll("placed") Placed placed, @ForAll @IntRange(max = 500) int choice) {
    int from = choice % (placed.tokens() + 1);
    Set<Integer> owners = new HashSet<>();
    for (int position = from; position < placed.tokens(); position++) {
      owners.add(placed.placement().owner(position));
    }
    assertEquals(owners.size(), placed.placement().occupiedShards(from, placed.tokens()));
  }

  @Example
  default void oneShardKeepsEveryTokenAtItsPosition() {
    KvPlacement placement = of(1, 1000);
    for (int position = 0; position < 1000; position++) {
      assertEquals(0, placement.owner(position));
      assertEquals(position, placement.slot(position));
      assertEquals(position + 1, placement.localLength(0, position + 1));
    }
  }

  @Example
  default void noTokensAreNoTokensOnEveryShard() {
    for (int shard = 0; shard < 8; shard++) {
      assertEquals(0, of(8, 5).localLength(shard, 0));
    }
  }

  @Example
  default void whatCannotBeIsRefused() {
    KvPlacement placement = of(3, 100);
    assertRefused("position must not be negative, got -1", () -> placement.owner(-1));
    assertRefused("position must not be negative, got -1", () -> placement.slot(-1));
    assertRefused("slot must not be negative, got -1", () -> placement.position(0, -1));
    assertRefused(
        "number of tokens must not be negative, got -1", () -> placement.localLength(0, -1));
    for (int shard : new int[] {-1, 3, Integer.MAX_VALUE}) {
      String message = "shard " + shard + " is not in [0, 3)";
      assertRefused(message, () -> placement.position(shard, 0));
      assertRefused(message, () -> placement.localLength(shard, 7));
    }
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
