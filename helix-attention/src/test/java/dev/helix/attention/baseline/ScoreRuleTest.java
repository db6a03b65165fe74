package dev.helix.attention.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.KvView;
import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.cache.KvShard;
import dev.helix.attention.cache.PageForm;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.fp64.Fp64Tensor;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of scores under every placement, in every reading. */
class ScoreRuleTest {
  @Provide
  static Arbitrary<ScoreCase> cases() {
    return ScoreCase.arbitrary();
  }

  @Property(tries = 250, seed = "31")
  void noPlacementShowsInABitOfTheExactReading(@ForAll("cases") ScoreCase given) {
    double[] sharded =
        ShardedDecode.exact().attend(given.problem(), given.placement(), given.rule());
    assertBits(given.problem().defined(given.rule()), sharded);
  }

  @Property(tries = 60, seed = "32")
  void aWindowBeyondTheContextIsNoWindow(@ForAll("cases") ScoreCase given) {
    ScoreRule open = without(given.rule());
    for (ShardedDecode<?> reading : ShardedDecode.readings()) {
      assertBits(
          reading.attend(given.problem(), given.placement(), open),
          reading.attend(
              given.problem(), given.placement(), open.withWindow(given.problem().tokens())));
    }
  }

  /** So large a power of two that s/cap is exact and its own tangent. */
  @Property(tries = 60, seed = "33")
  void aSoftCapThatIsNeverReachedIsNone(@ForAll("cases") ScoreCase given) {
    ScoreRule rule = given.rule();
    ScoreRule uncapped =
        new ScoreRule(
            rule.scale(),
            java.util.OptionalDouble.empty(),
            rule.window(),
            rule.sinks(),
            rule.alibiSlopes());
    for (ShardedDecode<?> reading : ShardedDecode.readings()) {
      assertBits(
          reading.attend(given.problem(), given.placement(), uncapped),
          reading.attend(given.problem(), given.placement(), uncapped.withSoftCap(0x1p100)));
    }
  }

  @Property(tries = 60, seed = "34")
  void aSinkThatWeighsNothingIsNone(@ForAll("cases") ScoreCase given) {
    ScoreRule none = given.rule().withSinks(List.of());
    List<Double> infinite =
        java.util.Collections.nCopies(given.problem().heads(), Double.NEGATIVE_INFINITY);
    List<Double> remote = java.util.Collections.nCopies(given.problem().heads(), -1e5);
    for (ShardedDecode<?> reading : ShardedDecode.readings()) {
      double[] expected = reading.attend(given.problem(), given.placement(), none);
      ScoreRule sunk = none.withSinks(infinite);
      assertBits(expected, reading.attend(given.problem(), given.placement(), sunk));
      if (reading.name().equals("fp64")) {
        ScoreRule far = none.withSinks(remote);
        assertBits(expected, reading.attend(given.problem(), given.placement(), far));
      }
    }
  }

  /** The views of all shards, by their placement, are the window: each position once. */
  @Property(tries = 300, seed = "35")
  void theViewsOfAllShardsAreTheWindow(@ForAll("cases") ScoreCase given) {
    ShardedDecode<Fp64Tensor> reading = ShardedDecode.fp64();
    int tokens = given.problem().tokens();
    List<QueryToken> all = new ArrayList<>();
    for (int position = 0; position < tokens; position++) {
      all.add(new QueryToken(0, position));
    }
    Fp64Tensor kv = reading.tensor(Axis.KV_HEADS, tokens, 1, 1, new double[tokens]);
    List<List<Integer>> seen = new ArrayList<>();
    all.forEach(token -> seen.add(new ArrayList<>()));
    for (int shard = 0; shard < given.placement().shards(); shard++) {
      KvShard<Fp64Tensor> cache =
          new KvShard<>(reading.attention(), shard, PageForm.keysAndValues(1, 1, DType.F64));
      cache.open(0, given.placement(), tokens);
      reading.attention().appendKv(kv, kv, cache.take(all));
      List<KvView<Fp64Tensor>> views = cache.views(all, given.rule().window());
      for (int position = 0; position < tokens; position++) {
        KvView<Fp64Tensor> view = views.get(position);
        for (int slot = view.first(); slot < view.first() + view.length(); slot++) {
          seen.get(position).add(position - view.positions("test").distance(slot));
        }
      }
    }
    for (int position = 0; position < tokens; position++) {
      int first = Math.max(0, position + 1 - given.rule().window().orElse(tokens));
      List<Integer> expected = new ArrayList<>();
      for (int j = first; j <= position; j++) {
        expected.add(j);
      }
      assertEquals(expected, seen.get(position).stream().sorted().toList(), given.toString());
    }
  }

  private static ScoreRule without(ScoreRule rule) {
    return new ScoreRule(
        rule.scale(),
        rule.softCap(),
        java.util.OptionalInt.empty(),
        rule.sinks(),
        rule.alibiSlopes());
  }

  private static void assertBits(double[] expected, double[] actual) {
    assertArrayEquals(bits(expected), bits(actual));
  }

  private static long[] bits(double[] numbers) {
    // Adding +0.0 makes the two zeros one: an empty merge says +0.0, a sum may end at either.
    return java.util.Arrays.stream(numbers)
        .mapToLong(x -> Double.doubleToLongBits(x + 0.0))
        .toArray();
  }
}
