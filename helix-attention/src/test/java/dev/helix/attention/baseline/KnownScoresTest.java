package dev.helix.attention.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.placement.ContiguousPlacement;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.tensor.Axis;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cases small enough to be worked out by hand, in every reading and on several placements. */
class KnownScoresTest {
  private static final ScoreRule PLAIN = ScoreRule.ofScale(1);

  /** A few roundings of numbers near 1, and nothing like a wrong term. */
  private static final double ROUNDINGS = 1e-14;

  static Stream<ShardedDecode<?>> readings() {
    return ShardedDecode.readings().stream();
  }

  private static List<KvPlacement> placements(int tokens) {
    return List.of(
        new RoundRobinPlacement(1, 1),
        new RoundRobinPlacement(2, 2),
        new RoundRobinPlacement(3, 1),
        new RoundRobinPlacement(4, 16),
        new ContiguousPlacement(4, tokens));
  }

  /** The mean of positions 0 to p is p/2, for each of four queries, whoever owns their tokens. */
  @ParameterizedTest
  @MethodSource("readings")
  void aWindowOfQueriesThatStraddlesAnOwnerBoundarySeesUpToEachOfThem(ShardedDecode<?> reading) {
    ScoreProblem problem = ScoreProblem.level(18, 4);
    for (KvPlacement placement : placements(18)) {
      double[] expected = {7, 1, 7.5, 1, 8, 1, 8.5, 1};
      assertClose(expected, reading.attend(problem, placement, PLAIN), placement);
    }
  }

  /** Positions 7, 8 and 9 have the mean 8. */
  @ParameterizedTest
  @MethodSource("readings")
  void aSlidingWindowIsCountedInGlobalPositions(ShardedDecode<?> reading) {
    ScoreProblem problem = ScoreProblem.level(11, 2);
    for (KvPlacement placement : placements(11)) {
      double[] expected = {8, 1, 9, 1};
      assertClose(expected, reading.attend(problem, placement, PLAIN.withWindow(3)), placement);
    }
  }

  /**
   * Nine tokens and a sink, all of score 0: the weights of the tokens sum to 9/10 on one shard and
   * on four. With a window of one, shard 0 has no token that is seen, and brings the sink all the
   * same: a weight of 1/2 remains.
   */
  @ParameterizedTest
  @MethodSource("readings")
  void aSinkIsCountedOnceOnHoweverManyShards(ShardedDecode<?> reading) {
    ScoreProblem problem = ScoreProblem.level(9, 1);
    ScoreRule sunk = PLAIN.withSinks(List.of(0.0));
    for (KvPlacement placement : placements(9)) {
      assertClose(
          new double[] {36.0 / 10, 9.0 / 10}, reading.attend(problem, placement, sunk), placement);
      assertClose(
          new double[] {8.0 / 2, 1.0 / 2},
          reading.attend(problem, placement, sunk.withWindow(1)),
          placement);
    }
  }

  /** With slope ln 2 a token weighs half of the one behind it: 7 tokens, 2⁻ᵈ each. */
  @ParameterizedTest
  @MethodSource("readings")
  void alibiHalvesAWeightForEachGlobalPosition(ShardedDecode<?> reading) {
    ScoreProblem problem = ScoreProblem.level(7, 1);
    double weights = 0;
    double weighted = 0;
    for (int position = 0; position < 7; position++) {
      weights += Math.scalb(1.0, position - 6);
      weighted += position * Math.scalb(1.0, position - 6);
    }
    for (KvPlacement placement : placements(7)) {
      assertClose(
          new double[] {weighted / weights, 1},
          reading.attend(problem, placement, PLAIN.withAlibi(List.of(Math.log(2)))),
          placement);
    }
  }

  /** 2·tanh(ln 3 / 2) = 2·(3 − 1)/(3 + 1) = 1, and 2·tanh(0) = 0: weights e and 1. */
  @ParameterizedTest
  @MethodSource("readings")
  void aSoftCapBendsScores(ShardedDecode<?> reading) {
    double[] keys = {Math.log(3), 0};
    ScoreProblem problem =
        new ScoreProblem(2, 1, 1, 1, 1, new double[] {1}, keys, new double[] {1, 0});
    for (KvPlacement placement : placements(2)) {
      // e / (1 + e), the logistic function of 1.
      assertClose(
          new double[] {0.7310585786300049},
          reading.attend(problem, placement, PLAIN.withSoftCap(2)),
          placement);
    }
  }

  /** Where nothing is visible the sink is the whole state; two such states are weighed by it. */
  @Test
  void withoutTokensTheStateIsTheSink() {
    assertSinkAlone(ShardedDecode.fp64());
    assertSinkAlone(ShardedDecode.counting());
  }

  private static <T extends Tensor> void assertSinkAlone(ShardedDecode<T> reading) {
    T query = reading.tensor(Axis.HEADS, 1, 3, 1, 1, 1, 1);
    List<KvView<T>> nothing = List.of(new KvView<>(List.of(), 0));
    ScoreRule rule = PLAIN.withSinks(List.of(0.25, Double.NEGATIVE_INFINITY, -700.5));
    PartialAttention<T> state = reading.attention().flashDecode(query, nothing, rule);
    assertArrayEquals(new double[3], reading.kernels().toHost(state.output()));
    double[] expected = {0.25, Double.NEGATIVE_INFINITY, -700.5};
    assertArrayEquals(expected, reading.kernels().toHost(state.lse()));
  }

  /** Keys of 2 and values of 3 components: both tokens weigh the same. */
  @ParameterizedTest
  @MethodSource("readings")
  void valuesMayBeWiderOrNarrowerThanKeys(ShardedDecode<?> reading) {
    assertWidths(reading);
  }

  private static <T extends Tensor> void assertWidths(ShardedDecode<T> reading) {
    T query = reading.tensor(Axis.HEADS, 1, 2, 2, 1, -1, 2, -2);
    // Two KV heads of two slots, of which the second slot of each is seen as well as the first.
    T keys = reading.page(2, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4);
    T wide = reading.page(2, 2, 3, 1, 2, 3, 5, 6, 7, 10, 20, 30, 50, 60, 70);
    T narrow = reading.page(2, 2, 1, 1, 5, 10, 50);
    assertClose(
        new double[] {3, 4, 5, 30, 40, 50},
        reading.merged(
            List.of(
                reading
                    .attention()
                    .flashDecode(query, List.of(view(new KvPage<>(keys, wide), 0, 2)), PLAIN, 3))));
    assertClose(
        new double[] {3, 30},
        reading.merged(
            List.of(
                reading
                    .attention()
                    .flashDecode(
                        query, List.of(view(new KvPage<>(keys, narrow), 0, 2)), PLAIN, 1))));
    assertClose(
        new double[] {5, 50},
        reading.merged(
            List.of(
                reading
                    .attention()
                    .flashDecode(
                        query, List.of(view(new KvPage<>(keys, narrow), 1, 1)), PLAIN, 1))));
    assertRefused(
        "values of 2",
        () ->
            reading
                .attention()
                .flashDecode(query, List.of(view(new KvPage<>(keys, wide), 0, 1)), PLAIN, 2));
  }

  private static <T extends Tensor> KvView<T> view(KvPage<T> page, int first, int length) {
    return new KvView<>(List.of(page), length, first, java.util.Optional.empty());
  }

  @ParameterizedTest
  @MethodSource("readings")
  void rulesThatDoNotFitAreRefused(ShardedDecode<?> reading) {
    assertRefusals(reading);
  }

  private static <T extends Tensor> void assertRefusals(ShardedDecode<T> reading) {
    T query = reading.tensor(Axis.HEADS, 1, 2, 1, 1, 1);
    T kv = reading.page(1, 1, 1, 1);
    List<KvView<T>> views = List.of(new KvView<>(List.of(new KvPage<>(kv, kv)), 1));
    assertRefused(
        "flashDecode: expected sinks of 2 heads, got 3",
        () -> reading.attention().flashDecode(query, views, PLAIN.withSinks(List.of(0., 0., 0.))));
    assertRefused(
        "flashDecode: expected ALiBi slopes of 2 heads, got 1",
        () -> reading.attention().flashDecode(query, views, PLAIN.withAlibi(List.of(0.))));
    assertRefused(
        "positions",
        () -> reading.attention().flashDecode(query, views, PLAIN.withAlibi(List.of(0., 0.))));
  }

  @Test
  void parametersThatMeanNothingAreRefused() {
    double infinity = Double.POSITIVE_INFINITY;
    for (double cap : new double[] {0, -1, infinity, Double.NaN}) {
      assertInvalid("soft cap is " + cap, () -> PLAIN.withSoftCap(cap));
    }
    assertInvalid("scale of scores is NaN", () -> ScoreRule.ofScale(Double.NaN));
    assertInvalid("window of attention is 0", () -> PLAIN.withWindow(0));
    assertInvalid("attention sink is Infinity", () -> PLAIN.withSinks(List.of(infinity)));
    assertInvalid("attention sink is NaN", () -> PLAIN.withSinks(List.of(Double.NaN)));
    assertInvalid("ALiBi slope is -Infinity", () -> PLAIN.withAlibi(List.of(-infinity)));
  }

  private static void assertInvalid(String words, Runnable what) {
    String message = assertThrows(InvalidInputException.class, what::run).getMessage();
    assertTrue(message.contains(words), message);
  }

  private static void assertRefused(String words, Runnable what) {
    String message = assertThrows(IllegalArgumentException.class, what::run).getMessage();
    assertTrue(message.contains(words), message);
  }

  private static void assertClose(double[] expected, double[] actual, Object... where) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      double error = Math.abs(expected[i] - actual[i]) / Math.max(1, Math.abs(expected[i]));
      assertTrue(
          error <= ROUNDINGS,
          "expected %s, got %s %s".formatted(expected[i], actual[i], List.of(where)));
    }
  }
}
