package dev.helix.attention.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.attention.QueryToken;
import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Drafts that are taken back leave a cache as it was before they came. */
final class KvShardTruncateTest {
  @Property(seed = "20250173", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void afterEachVerificationATokenSeesTheAcceptedTokensAlone(
      @ForAll @IntRange(min = 1, max = 5) int shards,
      @ForAll @IntRange(min = 1, max = 4) int runLength,
      @ForAll @IntRange(min = 1, max = 30) int hint,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    KvPlacement placement =
        random.nextBoolean()
            ? new RoundRobinPlacement(shards, runLength)
            : new ContiguousPlacement(shards, 100);
    ShardedCache cache = new ShardedCache(shards);
    cache.open(0, placement, hint);
    int tokens = 0;
    for (int step = 0; step < 8; step++) {
      int drafts = random.nextInt(8);
      cache.append(0, tokens, tokens + drafts);
      tokens += random.nextInt(drafts + 1);
      cache.truncate(0, tokens);
      assertHolds(cache, placement, tokens);
    }
  }

  /** The least case: of three drafts one is accepted, and one step follows. */
  @Test
  void theStepAfterARejectionGoesOnBehindTheAcceptedToken() {
    ShardedCache cache = new ShardedCache(2);
    KvPlacement placement = new RoundRobinPlacement(2, 1);
    cache.open(0, placement, 8);
    cache.append(0, 0, 3);
    cache.truncate(0, 1);
    cache.append(0, 1, 2);
    assertHolds(cache, placement, 2);
    QueryToken rejected = new QueryToken(0, 2);
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> cache.seen(0, rejected));
    assertEquals(
        "request 0: position 2 is not in the cache, which holds 2 tokens of the request",
        refusal.getMessage());
  }

  /** Pages of two slots: a page that a draft has begun goes with it, and comes again. */
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "2, 1", "3, 2", "4, 2", "5, 3"})
  void aPageWithoutTokensGoes(int stay, int pages) {
    ShardedCache cache = new ShardedCache(1);
    cache.open(0, new RoundRobinPlacement(1, 16), 2);
    cache.append(0, 0, 5);
    assertEquals(3, allocated(cache));
    cache.truncate(0, stay);
    cache.append(0, stay, 6);
    assertEquals(3 + 3 - pages, allocated(cache));
  }

  @Test
  void otherRequestsKeepTheirTokens() {
    ShardedCache cache = new ShardedCache(2);
    KvPlacement placement = new RoundRobinPlacement(2, 1);
    cache.open(0, placement, 4);
    cache.open(1, placement, 4);
    cache.append(0, 0, 4);
    cache.append(1, 0, 4);
    cache.truncate(1, 0);
    assertHolds(cache, placement, 4);
  }

  @Test
  void moreTokensThanThereAreAreRefused() {
    ShardedCache cache = new ShardedCache(1);
    cache.open(0, new RoundRobinPlacement(1, 16), 4);
    cache.append(0, 0, 2);
    for (int tokens : new int[] {-1, 3}) {
      Exception refusal =
          assertThrows(IllegalArgumentException.class, () -> cache.truncate(0, tokens));
      assertEquals(
          "request 0: expected 0 to 2 tokens to stay, which is what the cache holds, got " + tokens,
          refusal.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> cache.truncate(1, 0));
  }

  private static int allocated(ShardedCache cache) {
    return cache.kernels(0).allocatedSpecs().size() / 2;
  }

  private static void assertHolds(ShardedCache cache, KvPlacement placement, int tokens) {
    for (int position = 0; position < tokens; position++) {
      List<Integer> seen = new ArrayList<>();
      for (int shard = 0; shard < placement.shards(); shard++) {
        seen.addAll(cache.seen(shard, new QueryToken(0, position)));
      }
      seen.sort(null);
      assertEquals(IntStream.rangeClosed(0, position).boxed().toList(), seen);
    }
  }
}
