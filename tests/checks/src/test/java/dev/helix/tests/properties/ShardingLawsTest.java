package dev.helix.tests.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.QueryToken;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.record.Quantity;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.record.TapPoint;
import dev.helix.runtime.record.TapRecord;
import dev.helix.runtime.report.OracleTable;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.Comparison;
import dev.helix.runtime.verify.OracleCheck;
import dev.helix.runtime.verify.OracleComparison;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.mesh.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/**
 * Random models of every attention kind under every legal layout: the whole decode, against the
 * unsharded baseline.
 */
class ShardingLawsTest {
  private static final int VOCABULARY = 11;

  @Property(tries = 60, seed = "2507")
  void shardingTheKvCacheDoesNotChangeTheDecode(@ForAll("problems") Problem problem)
      throws IOException {
    assertVerified(problem);
  }

  /**
   * The bounds cover what both programs may err; here one of the two does not, so that they are
   * checked themselves.
   */
  @Property(tries = 15, seed = "11")
  void everyPartIsWithinItsBoundOfFiftyDigits(@ForAll("problems") Problem problem)
      throws IOException {
    decoded(
        problem,
        (plan, result) -> {
          OracleComparison oracle =
              OracleCheck.compare(
                  new DecodeRun(new ThreadRanks()),
                  plan,
                  result,
                  result.taps().orElseThrow(),
                  rows -> {});
          assertTrue(oracle.passed(), () -> OracleTable.of(oracle));
          assertTrue(oracle.worstShare() < 1, () -> OracleTable.of(oracle));
        });
  }

  /** One number of a hidden layer, wrong by a millionth: the oracle names the place. */
  @Test
  void theOracleSeesOneWrongNumber() throws IOException {
    RandomLlama model =
        new RandomLlama(new AttentionShape(8, 4, 2, 2), 2, 8, VOCABULARY, false, 2, 1);
    List<DecodeRequest> requests = List.of(new DecodeRequest(List.of(1, 2, 3, 4, 5), 2));
    decoded(
        new Problem(model, Layout.dense(2, 2), PlacementRule.roundRobin(1), requests),
        (plan, result) -> {
          TapRecord record = result.taps().orElseThrow();
          TapPoint place = new TapPoint(1, Quantity.ATTENTION_OUTPUT);
          record.row(place, new QueryToken(0, 3))[2] *= 1 + 1e-6;
          OracleComparison oracle =
              OracleCheck.compare(
                  new DecodeRun(new ThreadRanks()), plan, result, record, rows -> {});
          List<TapPoint> wrong =
              oracle.rows().stream()
                  .map(OracleComparison.Row::comparison)
                  .filter(comparison -> !comparison.report().passed())
                  .map(Comparison::place)
                  .toList();
          assertEquals(List.of(place), wrong);
        });
  }

  /** Sizes at which a swapped axis keeps its shape. */
  @Test
  void headCountTokenCountAndRankCountMayBeEqual() throws IOException {
    RandomLlama model =
        new RandomLlama(new AttentionShape(8, 8, 8, 8), 2, 8, VOCABULARY, false, 2, 1);
    List<DecodeRequest> requests =
        Stream.generate(() -> new DecodeRequest(List.of(1, 2, 3, 4, 5, 6, 7, 8), 2))
            .limit(8)
            .toList();
    assertVerified(new Problem(model, Layout.dense(8, 1), PlacementRule.roundRobin(1), requests));
  }

  /** Three pages on one shard and two on each of two, and several steps for one prompt. */
  @Test
  void aLongPromptCrossesPagesAndSteps() throws IOException {
    RandomLlama model =
        new RandomLlama(new AttentionShape(4, 2, 1, 2), 1, 4, VOCABULARY, true, 3, 2);
    SplittableRandom random = new SplittableRandom(3);
    List<Integer> longPrompt = random.ints(2070, 0, VOCABULARY).boxed().toList();
    List<DecodeRequest> requests =
        List.of(new DecodeRequest(longPrompt, 3), new DecodeRequest(List.of(5), 3));
    for (int kvp : new int[] {1, 2}) {
      assertVerified(
          new Problem(model, Layout.dense(kvp, 1), PlacementRule.roundRobin(16), requests));
    }
  }

  @Provide
  Arbitrary<Problem> problems() {
    Arbitrary<Integer> kvHeads = Arbitraries.of(1, 2, 4);
    Arbitrary<Integer> group = Arbitraries.of(1, 2, 4, 7);
    Arbitrary<Integer> headDim = Arbitraries.of(2, 6, 8);
    Arbitrary<Double> sharpness = Arbitraries.of(0.1, 1.0, 4.0, 12.0);
    Arbitrary<PlacementRule> rules =
        Arbitraries.of(
            PlacementRule.roundRobin(1),
            PlacementRule.roundRobin(3),
            PlacementRule.roundRobin(16),
            PlacementRule.contiguous());
    return Combinators.combine(kvHeads, group, headDim, sharpness, rules, Arbitraries.longs())
        .as(ShardingLawsTest::problem);
  }

  private static Problem problem(
      int kvHeads, int group, int headDim, double sharpness, PlacementRule rule, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    AttentionShape shape =
        new AttentionShape(2 + random.nextInt(12), kvHeads * group, kvHeads, headDim);
    List<Layout> layouts = legal(shape);
    Layout layout = layouts.get(random.nextInt(layouts.size()));
    RandomLlama model =
        new RandomLlama(
            shape,
            1 + random.nextInt(2),
            layout.ranks() * (1 + random.nextInt(3)),
            VOCABULARY,
            random.nextBoolean(),
            sharpness,
            seed);
    List<DecodeRequest> requests =
        Stream.generate(() -> request(random, layout.kvp())).limit(1 + random.nextInt(4)).toList();
    return new Problem(model, layout, rule, requests);
  }

  private static List<Layout> legal(AttentionShape shape) {
    return Stream.of(1, 2, 3, 4, 7, 8)
        .flatMap(kvp -> Stream.of(1, 2, 4).map(tpa -> new int[] {kvp, tpa}))
        .filter(widths -> shape.kvHeads() % widths[1] == 0)
        .filter(widths -> shape.queryHeads() % (widths[0] * widths[1]) == 0)
        .filter(widths -> widths[0] * widths[1] <= 8)
        .map(widths -> Layout.dense(widths[0], widths[1]))
        .toList();
  }

  /** Lengths around the ends of runs and rounds, and fewer tokens than shards. */
  private static DecodeRequest request(SplittableRandom random, int kvp) {
    int around = new int[] {1, kvp, 16, 16 * kvp}[random.nextInt(4)];
    int length = Math.max(1, Math.min(70, around + random.nextInt(-1, 2)));
    List<Integer> prompt = random.ints(length, 0, VOCABULARY).boxed().toList();
    return new DecodeRequest(prompt, 1 + random.nextInt(3));
  }

  private static void assertVerified(Problem problem) throws IOException {
    decoded(
        problem,
        (plan, result) -> {
          Verification verification =
              Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {});
          assertTrue(verification.passed(), () -> String.join("\n", verification.failures()));
          int tokens = problem.requests().stream().mapToInt(DecodeRequest::maxNew).sum();
          assertEquals(tokens, verification.tokens());
        });
  }

  private static void decoded(Problem problem, BiConsumer<DecodePlan, DecodeResult> check)
      throws IOException {
    Path directory = Files.createTempDirectory("random-model");
    try (Checkpoint checkpoint = problem.model().writeTo(directory)) {
      DecodePlan plan =
          new DecodePlan(
              checkpoint,
              new HelixStrategy(problem.layout(), problem.rule()),
              problem.requests(),
              Recording.TAPS);
      DecodeResult result =
          new DecodeRun(new ThreadRanks()).decode(plan, new Fp64Reading(), new DecodeListener() {});
      check.accept(plan, result);
    } finally {
      for (String file : List.of("config.json", "model.safetensors")) {
        Files.delete(directory.resolve(file));
      }
      Files.delete(directory);
    }
  }

  record Problem(
      RandomLlama model, Layout layout, PlacementRule rule, List<DecodeRequest> requests) {}
}
