package dev.helix.attention.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.KvView;
import dev.helix.attention.QueryToken;
import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KvShardTest {
  /** One request: how long it gets, how it is placed, and how long it was expected to get. */
  private record Growth(KvPlacement placement, int tokens, int expected) {}

  /** Requests that grow side by side by windows of 0 to 5 tokens a step. */
  private record Scenario(int kvp, List<Growth> requests, long seed) {
    /** Steps in which every request is read to its end, in windows drawn anew for each step. */
    List<List<QueryToken>> steps() {
      SplittableRandom random = new SplittableRandom(seed);
      int[] read = new int[requests.size()];
      List<List<QueryToken>> steps = new ArrayList<>();
      for (boolean more = true; more; ) {
        more = false;
        List<QueryToken> step = new ArrayList<>();
        for (int request = 0; request < requests.size(); request++) {
          int left = requests.get(request).tokens() - read[request];
          int window = Math.min(left, random.nextInt(6));
          step.addAll(ShardedCache.window(request, read[request], read[request] + window));
          read[request] += window;
          more |= left > window;
        }
        steps.add(step);
      }
      return steps;
    }

    ShardedCache opened() {
      ShardedCache cache = new ShardedCache(kvp);
      for (int request = 0; request < requests.size(); request++) {
        Growth growth = requests.get(request);
        cache.open(request, growth.placement(), growth.expected());
      }
      return cache;
    }
  }

  /** In the step that appends it, and again when all is appended: causality is a length. */
  @Property(seed = "20250170", tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aTokenSeesEachTokenUpToItselfOnItsOwnersShardAloneWhateverIsAppendedLater(
      @ForAll("scenarios") Scenario scenario) {
    ShardedCache cache = scenario.opened();
    for (List<QueryToken> step : scenario.steps()) {
      cache.append(step);
      step.forEach(token -> assertSeesItsPast(cache, scenario, token));
    }
    for (List<QueryToken> step : scenario.steps()) {
      step.forEach(token -> assertSeesItsPast(cache, scenario, token));
    }
  }

  /**
   * A window of w tokens ends with the query's own. Which shards have any of them is counted one by
   * one.
   */
  @Test
  void aWindowShowsTheLastTokensAndCountsTheShardsThatHaveAnyOfThem() {
    KvPlacement placement = new RoundRobinPlacement(3, 2);
    ShardedCache cache = new ShardedCache(3);
    cache.open(0, placement, 20);
    cache.append(0, 0, 20);
    for (int window : new int[] {1, 2, 3, 5, 20, 40}) {
      for (QueryToken token : ShardedCache.window(0, 0, 20)) {
        int first = Math.max(0, token.position() + 1 - window);
        List<Integer> owners =
            IntStream.rangeClosed(first, token.position()).map(placement::owner).boxed().toList();
        for (int shard = 0; shard < 3; shard++) {
          KvView<TokenTensor> view =
              cache.shard(shard).views(List.of(token), OptionalInt.of(window)).get(0);
          assertEquals(Collections.frequency(owners, shard), view.length());
          assertEquals(placement.localLength(shard, first), view.first());
          assertEquals(Set.copyOf(owners).size(), view.occupiedShards());
        }
      }
    }
  }

  /** Whole pages of as many slots as the shard may come to keep, at most 1,024. */
  @ParameterizedTest
  @CsvSource({"100, 0, 0", "100, 1, 50", "100, 50, 50", "4096, 1024, 1024", "4096, 1025, 2048"})
  void slotsAreAllocatedInWholePages(int capacity, int kept, int slots) {
    assertEquals(slots, KvShard.allocatedSlots(new RoundRobinPlacement(2, 1), 0, capacity, kept));
  }

  @Property(seed = "20250171", tries = 300, edgeCases = EdgeCasesMode.NONE)
  void pagesAreAllocatedWhenTheFirstTokenComesAndNoEarlier(@ForAll("scenarios") Scenario scenario) {
    ShardedCache cache = scenario.opened();
    scenario.steps().forEach(cache::append);
    for (int shard = 0; shard < scenario.kvp(); shard++) {
      int pages = 0;
      for (Growth growth : scenario.requests()) {
        int share = growth.placement().localLength(shard, growth.expected());
        int slots = Math.max(1, Math.min(KvShard.MAX_PAGE_SLOTS, share));
        int length = growth.placement().localLength(shard, growth.tokens());
        pages += (length + slots - 1) / slots;
      }
      assertEquals(2 * pages, cache.kernels(shard).allocatedSpecs().size());
    }
  }

  /** A rank that owns no new token takes part all the same. */
  @Property(seed = "20250172", tries = 100, edgeCases = EdgeCasesMode.NONE)
  void everyShardLaunchesEveryAppend(@ForAll("scenarios") Scenario scenario) {
    ShardedCache cache = scenario.opened();
    List<List<QueryToken>> steps = scenario.steps();
    steps.forEach(cache::append);
    for (int shard = 0; shard < scenario.kvp(); shard++) {
      assertEquals(steps.size(), cache.kernels(shard).appendLaunches());
    }
  }

  @Test
  void aWindowThatStraddlesAnOwnerBoundaryIsSplitBetweenTheOwners() {
    ShardedCache cache = new ShardedCache(2);
    cache.open(0, new RoundRobinPlacement(2, 16), 64);
    cache.append(0, 0, 14);
    cache.append(0, 14, 18);
    assertEquals(range(0, 15), cache.seen(0, new QueryToken(0, 14)));
    assertEquals(List.of(), cache.seen(1, new QueryToken(0, 14)));
    assertEquals(List.of(), cache.seen(1, new QueryToken(0, 15)));
    assertEquals(range(0, 16), cache.seen(0, new QueryToken(0, 16)));
    assertEquals(List.of(16), cache.seen(1, new QueryToken(0, 16)));
    assertEquals(List.of(16, 17), cache.seen(1, new QueryToken(0, 17)));
  }

  /** The bound of a query is its local length, not its position, also on its own shard. */
  @Test
  void theCausalBoundIsTheGlobalPosition() {
    ShardedCache cache = new ShardedCache(2);
    cache.open(0, new RoundRobinPlacement(2, 1), 10);
    cache.append(0, 0, 10);
    assertEquals(List.of(0, 2), cache.seen(0, new QueryToken(0, 3)));
    assertEquals(List.of(1, 3), cache.seen(1, new QueryToken(0, 3)));
  }

  @Test
  void requestsOfOneStepDoNotSeeEachOther() {
    ShardedCache cache = new ShardedCache(2);
    cache.open(0, new RoundRobinPlacement(2, 1), 4);
    cache.open(7, new ContiguousPlacement(2, 4), 4);
    cache.append(
        List.of(
            new QueryToken(7, 0),
            new QueryToken(0, 0),
            new QueryToken(7, 1),
            new QueryToken(0, 1)));
    assertEquals(List.of(0), cache.seen(0, new QueryToken(0, 1)));
    assertEquals(List.of(1), cache.seen(1, new QueryToken(0, 1)));
    assertEquals(List.of(0, 1), cache.seen(0, new QueryToken(7, 1)));
    assertEquals(List.of(), cache.seen(1, new QueryToken(7, 1)));
  }

  @Test
  void viewsComeInTheOrderOfTheRows() {
    ShardedCache cache = new ShardedCache(1);
    cache.open(0, new RoundRobinPlacement(1, 16), 4);
    cache.open(1, new RoundRobinPlacement(1, 16), 4);
    List<QueryToken> step =
        List.of(new QueryToken(1, 0), new QueryToken(0, 0), new QueryToken(1, 1));
    cache.append(step);
    List<Integer> lengths = cache.shard(0).views(step).stream().map(KvView::length).toList();
    assertEquals(List.of(1, 1, 2), lengths);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 10, 10", // a small request: one page
    "1, 1024, 1024",
    "1, 1025, 1024",
    "4, 1000000, 1024",
    "4, 40, 16", // shard 0 has the whole of the last run of 8
    "8, 0, 1", // nothing expected, but it may come
  })
  void aPageHoldsTheShareOfTheRequestUpToALimit(int kvp, int expected, int slots) {
    ShardedCache cache = new ShardedCache(kvp);
    cache.open(0, new RoundRobinPlacement(kvp, 8), expected);
    cache.append(0, 0, 1);
    Spec page =
        Spec.of(
            DType.BF16,
            new Dim(Axis.KV_HEADS, ShardedCache.KV_HEADS),
            new Dim(Axis.SLOTS, slots),
            new Dim(Axis.HEAD_DIM, ShardedCache.HEAD_DIM));
    assertEquals(List.of(page, page), cache.kernels(0).allocatedSpecs());
    for (int other = 1; other < kvp; other++) {
      assertEquals(List.of(), cache.kernels(other).allocatedSpecs());
    }
  }

  @ParameterizedTest
  @CsvSource({"1023, 1", "1024, 1", "1025, 2", "2048, 2", "2049, 3"})
  void aLongRequestGoesOnOnTheNextPage(int tokens, int pages) {
    ShardedCache cache = new ShardedCache(1);
    cache.open(0, new RoundRobinPlacement(1, 16), 4000);
    cache.append(0, 0, tokens);
    assertEquals(2 * pages, cache.kernels(0).allocatedSpecs().size());
    assertEquals(range(0, tokens), cache.seen(0, new QueryToken(0, tokens - 1)));
  }

  @Test
  void theExpectedLengthIsNoLimit() {
    ShardedCache cache = new ShardedCache(2);
    cache.open(0, new RoundRobinPlacement(2, 2), 3);
    cache.append(0, 0, 50);
    List<Integer> seen = new ArrayList<>(cache.seen(0, new QueryToken(0, 49)));
    seen.addAll(cache.seen(1, new QueryToken(0, 49)));
    seen.sort(null);
    assertEquals(range(0, 50), seen);
  }

  @ParameterizedTest
  @CsvSource({"0", "2", "4", "100"})
  void aPositionThatDoesNotFollowTheLastIsRefused(int position) {
    ShardedCache cache = new ShardedCache(2);
    cache.open(5, new RoundRobinPlacement(2, 16), 8);
    cache.append(5, 0, 3);
    for (int shard = 0; shard < 2; shard++) {
      int each = shard;
      assertRefused(
          "request 5: position %d was given to the cache, expected 3".formatted(position),
          () -> cache.append(each, List.of(new QueryToken(5, position))));
    }
  }

  @Test
  void rowsOfOneRequestInTheWrongOrderAreRefused() {
    ShardedCache cache = new ShardedCache(1);
    cache.open(0, new RoundRobinPlacement(1, 16), 8);
    assertRefused(
        "request 0: position 1 was given to the cache, expected 0",
        () -> cache.append(List.of(new QueryToken(0, 1), new QueryToken(0, 0))));
  }

  @Test
  void aTokenThatIsNotInTheCacheYetHasNoView() {
    ShardedCache cache = new ShardedCache(2);
    cache.open(0, new RoundRobinPlacement(2, 1), 8);
    cache.append(0, 0, 3);
    assertRefused(
        "request 0: position 3 is not in the cache, which holds 3 tokens of the request",
        () -> cache.shard(1).views(List.of(new QueryToken(0, 3))));
  }

  @Test
  void aRequestIsKnownFromItsOpeningToItsClosing() {
    ShardedCache cache = new ShardedCache(1);
    KvPlacement placement = new RoundRobinPlacement(1, 16);
    assertNotOpen(cache);
    cache.open(3, placement, 4);
    assertRefused("request 3 is open already", () -> cache.open(3, placement, 4));
    cache.append(3, 0, 2);
    cache.close(3);
    assertNotOpen(cache);
  }

  @Test
  void aRequestThatIsOpenedAgainStartsWithoutThePast() {
    ShardedCache cache = new ShardedCache(1);
    cache.open(3, new RoundRobinPlacement(1, 16), 4);
    cache.append(3, 0, 4);
    cache.close(3);
    cache.open(3, new RoundRobinPlacement(1, 16), 4);
    cache.append(3, 0, 1);
    assertEquals(List.of(0), cache.seen(0, new QueryToken(3, 0)));
  }

  @Test
  void openingARequestTwiceLeavesTheFirstAsItWas() {
    ShardedCache cache = new ShardedCache(1);
    cache.open(3, new RoundRobinPlacement(1, 16), 4);
    cache.append(3, 0, 2);
    assertThrows(
        IllegalArgumentException.class, () -> cache.open(3, new ContiguousPlacement(1, 9), 9));
    cache.append(3, 2, 3);
    assertEquals(List.of(0, 1, 2), cache.seen(0, new QueryToken(3, 2)));
  }

  @Test
  void aPlacementOverFewerShardsThanTheCacheIsRefused() {
    KvShard<TokenTensor> last =
        new KvShard<>(new RecordingKernels(), 2, PageForm.keysAndValues(1, 2, DType.F64));
    assertRefused(
        "shard 2 is not in [0, 2)", () -> last.open(0, new RoundRobinPlacement(2, 16), 4));
  }

  @Test
  void aViewHasALengthOfAtLeastNone() {
    assertEquals(0, new KvView<TokenTensor>(List.of(), 0).length());
    assertRefused(
        "length of a cache view is -1, expected >= 0",
        () -> new KvView<TokenTensor>(List.of(), -1));
  }

  private static void assertSeesItsPast(ShardedCache cache, Scenario scenario, QueryToken token) {
    KvPlacement placement = scenario.requests().get(token.request()).placement();
    for (int shard = 0; shard < scenario.kvp(); shard++) {
      int own = shard;
      List<Integer> past =
          IntStream.rangeClosed(0, token.position())
              .filter(position -> placement.owner(position) == own)
              .boxed()
              .toList();
      assertEquals(past, cache.seen(shard, token));
    }
  }

  private static void assertNotOpen(ShardedCache cache) {
    String message = "request 3 is not open in this cache";
    assertRefused(message, () -> cache.append(3, 0, 1));
    assertRefused(message, () -> cache.shard(0).views(List.of(new QueryToken(3, 0))));
    assertRefused(message, () -> cache.close(3));
  }

  private static void assertRefused(String message, Executable call) {
    Exception refusal = assertThrows(IllegalArgumentException.class, call);
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  @Provide
  Arbitrary<Scenario> scenarios() {
    return Arbitraries.of(1, 2, 3, 4, 8)
        .flatMap(
            kvp ->
                Combinators.combine(
                        growths(kvp).list().ofMinSize(1).ofMaxSize(4), Arbitraries.longs())
                    .as((requests, seed) -> new Scenario(kvp, requests, seed)));
  }

  /** Lengths about whole rounds; expectations of one token, too few and too many. */
  private static Arbitrary<Growth> growths(int kvp) {
    Arbitrary<Integer> lengths =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 40),
            Arbitraries.of(15, 16, 17, 31, 32, 33, 47, 48, 49));
    Arbitrary<Growth> roundRobin =
        Combinators.combine(
                Arbitraries.of(1, 2, 3, 16), lengths, Arbitraries.integers().between(0, 60))
            .as((run, tokens, hint) -> new Growth(new RoundRobinPlacement(kvp, run), tokens, hint));
    Arbitrary<Growth> contiguous =
        Combinators.combine(lengths, Arbitraries.integers().between(0, 9))
            .as(
                (tokens, spare) -> {
                  int capacity = Math.max(1, tokens + spare);
                  return new Growth(new ContiguousPlacement(kvp, capacity), tokens, capacity);
                });
    return Arbitraries.oneOf(roundRobin, contiguous);
  }
}
