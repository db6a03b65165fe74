package dev.helix.tests.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.trace.Operation;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Strategies that become each other, and what each of them refuses. */
class SimplestStrategiesTest {
  private static final PlacementRule PLACEMENT = PlacementRule.roundRobin(1);

  @ParameterizedTest
  @ValueSource(strings = {"recall-gqa", "recall-mla"})
  void onOneRankEveryStrategyIsTheSameProgram(String model) {
    List<Operation> expected = trace(model, helix(1, 1));
    assertEquals(expected, trace(model, new TensorParallelStrategy(Layout.dense(1, 1))));
    assertEquals(expected, trace(model, new PipelineStrategy(1, Layout.dense(1, 1), 1)));
    assertEquals(expected, trace(model, new MedhaStrategy(1, 1, 1, 1, PLACEMENT)));
    assertEquals(expected, trace(model, new DataParallelStrategy(1, 1, 1, PLACEMENT, false)));
  }

  @Test
  void helixWithoutKvpIsTensorParallelism() {
    for (int tpa : List.of(1, 2, 4)) {
      assertEquals(
          trace("recall-gqa", helix(1, tpa)),
          trace("recall-gqa", new TensorParallelStrategy(Layout.dense(1, tpa))));
    }
  }

  @Test
  void medhaWhoseFixedGroupIsAllRanksIsHelix() {
    assertEquals(
        trace("recall-gqa", helix(2, 2)),
        trace("recall-gqa", new MedhaStrategy(2, 2, 4, 1, PLACEMENT)));
  }

  private static HelixStrategy helix(int kvp, int tpa) {
    return new HelixStrategy(Layout.dense(kvp, tpa), PLACEMENT);
  }

  private static List<Operation> trace(String model, Strategy strategy) {
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      return StepTracer.trace(
              checkpoint.config(),
              strategy,
              4,
              100,
              DeployedPrecision.FP4,
              new LoadModel.UniformExpectation())
          .of(0)
          .operations();
    }
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refusal(
            "TPA (3) must divide the model's KV heads (4) or be a multiple of them",
            () -> new TensorParallelStrategy(Layout.dense(1, 3))),
        refusal(
            "KVP (2) must be 1 under tensor parallelism, which does not split the sequence",
            () -> new TensorParallelStrategy(Layout.dense(2, 2))),
        refusal(
            "PP (5) must be at most the model's layers (4)",
            () -> new PipelineStrategy(5, Layout.dense(1, 1), 1)),
        refusal(
            "micro-batches (3) must be at most the number of requests (2): each has some of them",
            () -> new PipelineStrategy(2, Layout.dense(1, 1), 3)),
        refusal(
            "DP (3) must be at most the number of requests (2): each group has some of them",
            () -> new DataParallelStrategy(3, 1, 1, PLACEMENT, false)),
        refusal(
            "TPF × EP (3 × 1 = 3) must be a multiple of TPA (2) and at most KVP × TPA (8)",
            () -> new MedhaStrategy(4, 2, 3, 1, PLACEMENT)),
        refusal(
            "TPF × EP (8 × 1 = 8) must be a multiple of TPA (1) and at most KVP × TPA (4)",
            () -> new MedhaStrategy(4, 1, 8, 1, PLACEMENT)));
  }

  private static Arguments refusal(String message, Supplier<Strategy> strategy) {
    return Arguments.of(message, strategy);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatAStrategyCannotSpreadIsRefusedWithItsRule(String message, Supplier<Strategy> strategy) {
    List<DecodeRequest> requests =
        List.of(new DecodeRequest(List.of(1), 1), new DecodeRequest(List.of(2), 1));
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      InvalidInputException refused =
          assertThrows(
              InvalidInputException.class,
              () -> new DecodePlan(checkpoint, strategy.get(), requests, Recording.STEPS));
      assertEquals(message, refused.getMessage());
    }
  }

  @Test
  void expertsThatDoNotGoRoundAreRefused() {
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-mla")) {
      ModelConfig model = checkpoint.config();
      Strategy strategy = new DataParallelStrategy(3, 1, 1, PLACEMENT, false);
      InvalidInputException refused =
          assertThrows(InvalidInputException.class, () -> strategy.requireFits(model));
      assertEquals("EP, all 3 ranks, must divide the model's experts (8)", refused.getMessage());
    }
  }
}
