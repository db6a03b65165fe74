package dev.helix.tests.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.mesh.Layout;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every strategy is traced on models of the paper's size, and the trace can be scheduled. */
class TracedStrategiesTest {
  private static final int BATCH = 64;
  private static final int CONTEXT = 1_000_000;
  private static final PlacementRule PLACEMENT =
      PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH);

  static Stream<Arguments> strategies() {
    return Stream.of(
        Arguments.of("llama-405b", new TensorParallelStrategy(new Layout(1, 64, 64, 1))),
        Arguments.of("deepseek-r1", new TensorParallelStrategy(new Layout(1, 8, 1, 8))),
        Arguments.of("llama-405b", new DataParallelStrategy(2, 8, 4, PLACEMENT, true)),
        Arguments.of("deepseek-r1", new DataParallelStrategy(64, 1, 1, PLACEMENT, false)),
        Arguments.of("deepseek-r1", new DataParallelStrategy(4, 16, 1, PLACEMENT, false)),
        Arguments.of("llama-405b", new MedhaStrategy(8, 8, 8, 1, PLACEMENT)),
        Arguments.of("deepseek-r1", new MedhaStrategy(64, 1, 8, 1, PLACEMENT)),
        Arguments.of("llama-405b", new PipelineStrategy(8, new Layout(1, 8, 8, 1), 8)),
        Arguments.of("deepseek-r1", new PipelineStrategy(4, new Layout(1, 8, 1, 8), 2)));
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void aPaperSizedStepIsTracedAndScheduled(String model, Strategy strategy) {
    StepTrace trace =
        StepTracer.trace(
            ModelShape.of(model).config(),
            strategy,
            BATCH,
            CONTEXT,
            DeployedPrecision.FP4,
            new LoadModel.UniformExpectation());
    assertEquals(strategy.ranks(), trace.ranks());
    StepTime time =
        StepTime.of(Machine.named("gb200", "silicon"), trace, BATCH, Accounting.IDEALISED);
    assertTrue(time.ttlMicros() > 0);
  }
}
