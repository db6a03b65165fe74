package dev.helix.tests.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.ffn.helix.MoeExchange;
import dev.helix.ffn.helix.MoeExchange.Reduction;
import dev.helix.ffn.helix.MoeExchange.Router;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.report.LogitsDigest;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.mesh.Layout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every strategy decodes both embedded models as the unsharded baseline does, part by part, and
 * under the exact reading with the same bits as one rank.
 */
class EveryStrategyTest {
  /** Requests of other lengths that begin and end in other steps. */
  private static final List<DecodeRequest> RAGGED =
      List.of(
          new DecodeRequest(List.of(1, 2, 3, 4, 5), 2),
          new DecodeRequest(List.of(6), 4),
          new DecodeRequest(List.of(7, 8, 9), 1));

  private static final PlacementRule EACH_TURN = PlacementRule.roundRobin(1);

  private static final Strategy ONE_RANK = new HelixStrategy(new Layout(1, 1, 1, 1), EACH_TURN);

  private static final ConcurrentMap<String, String> DIGESTS = new ConcurrentHashMap<>();

  private static final Map<String, List<Strategy>> STRATEGIES =
      Map.of(
          "recall-gqa",
          List.of(
              tensorParallel(2, 2, 1),
              tensorParallel(4, 4, 1),
              tensorParallel(8, 8, 1),
              dataParallel(3, 1, 1),
              dataParallel(2, 2, 2),
              new MedhaStrategy(2, 2, 2, 1, EACH_TURN),
              new MedhaStrategy(4, 2, 4, 1, EACH_TURN),
              new MedhaStrategy(2, 4, 8, 1, EACH_TURN),
              new PipelineStrategy(2, new Layout(1, 2, 2, 1), 2),
              new PipelineStrategy(3, new Layout(1, 1, 1, 1), 1)),
          "recall-mla",
          List.of(
              helix(Router.REPLICATED, Reduction.BY_GROUP),
              helix(Router.SPLIT, Reduction.ONE),
              helix(Router.SPLIT, Reduction.BY_GROUP),
              tensorParallel(2, 1, 2),
              tensorParallel(4, 4, 1),
              tensorParallel(8, 2, 4),
              dataParallel(2, 1, 1),
              dataParallel(1, 4, 1),
              dataParallel(2, 4, 1),
              new MedhaStrategy(4, 1, 1, 1, EACH_TURN),
              new MedhaStrategy(4, 2, 2, 2, EACH_TURN),
              new PipelineStrategy(4, new Layout(1, 2, 1, 2), 3)));

  private static Strategy dataParallel(int dp, int kvp, int tpa) {
    return new DataParallelStrategy(dp, kvp, tpa, EACH_TURN, false);
  }

  private static Strategy helix(Router router, Reduction reduction) {
    return new HelixStrategy(
        new Layout(4, 1, 2, 2), EACH_TURN, false, new MoeExchange(router, reduction));
  }

  private static Strategy tensorParallel(int tpa, int tpf, int ep) {
    return new TensorParallelStrategy(new Layout(1, tpa, tpf, ep));
  }

  static Stream<Arguments> strategies() {
    return STRATEGIES.entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().map(s -> Arguments.of(entry.getKey(), s)));
  }

  /** The last of each strategy, as the laws of strategies hold their parts on many more models. */
  static Stream<Arguments> oneOfEach() {
    return STRATEGIES.entrySet().stream()
        .flatMap(
            entry -> {
              Map<Class<?>, Strategy> last = new LinkedHashMap<>();
              entry.getValue().forEach(strategy -> last.put(strategy.getClass(), strategy));
              return last.values().stream().map(s -> Arguments.of(entry.getKey(), s));
            });
  }

  @ParameterizedTest
  @MethodSource("oneOfEach")
  void everyPartIsTheBaselines(String model, Strategy strategy) {
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      DecodePlan plan = new DecodePlan(checkpoint, strategy, RAGGED, Recording.TAPS);
      DecodeResult result =
          new DecodeRun(new ThreadRanks()).decode(plan, new Fp64Reading(), new DecodeListener() {});
      Verification verification =
          Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {});
      assertTrue(verification.passed(), () -> verification.failures().toString());
    }
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void theBitsAreThoseOfOneRank(String model, Strategy strategy) {
    String expected = DIGESTS.computeIfAbsent(model, name -> digest(name, ONE_RANK));
    assertEquals(expected, digest(model, strategy));
  }

  private static String digest(String model, Strategy strategy) {
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      DecodePlan plan = new DecodePlan(checkpoint, strategy, RAGGED, Recording.STEPS);
      return LogitsDigest.ofAll(
          new DecodeRun(new ThreadRanks())
              .decode(plan, new ExactReading(), new DecodeListener() {}));
    }
  }
}
