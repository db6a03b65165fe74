package dev.helix.runtime.trace.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.ShortStep;
import dev.helix.runtime.trace.ShortSteps;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.trace.Operation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StepsByBatchTest {
  private static final PlacementRule PAGED =
      PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH);
  private static final int CONTEXT = 100_000;
  private static final List<Integer> UNITS = List.of(1, 2, 3, 7, 40);

  static Stream<Arguments> strategies() {
    return Stream.of(
        Arguments.of("llama-405b", helix(8, 8, 64, 1), 1),
        Arguments.of("llama-405b", new TensorParallelStrategy(tp(16, 1)), 1),
        Arguments.of("llama-405b", new PipelineStrategy(4, tp(8, 1), 1), 1),
        Arguments.of("llama-405b", new MedhaStrategy(4, 8, 8, 1, PAGED), 1),
        Arguments.of("llama-405b", new DataParallelStrategy(2, 4, 8, PAGED, false), 64),
        Arguments.of("deepseek-r1", helix(16, 1, 2, 8), 1),
        Arguments.of("deepseek-r1", helix(8, 1, 4, 2), 1),
        Arguments.of("deepseek-r1", new TensorParallelStrategy(tp(8, 4)), 1),
        Arguments.of("deepseek-r1", new PipelineStrategy(3, tp(4, 4), 1), 1),
        Arguments.of("deepseek-r1", new MedhaStrategy(16, 1, 1, 8, PAGED), 1));
  }

  private static Strategy helix(int kvp, int tpa, int tpf, int ep) {
    return new HelixStrategy(new Layout(kvp, tpa, tpf, ep), PAGED);
  }

  private static Layout tp(int tpa, int ep) {
    return new Layout(1, tpa, tpa / ep, ep);
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void theStepOfEveryBatchIsThatOfItsOwnTrace(String name, Strategy strategy, int unit) {
    ModelConfig model = ModelShape.of(name).config();
    StepsByBatch all =
        new ExpectedSteps(model, strategy, DeployedPrecision.FP4)
            .byBatch(new StepQueries(unit, CONTEXT))
            .orElseThrow();
    ShortSteps traced =
        new ShortSteps(model, strategy, DeployedPrecision.FP4, new LoadModel.UniformExpectation());
    for (int units : UNITS) {
      int batch = unit * units;
      ShortStep alone = traced.of(new StepQueries(batch, CONTEXT));
      List<Operation> works = all.worksAt(batch);
      assertEquals(alone.runs(), all.example().runs());
      for (int kind = 0; kind < alone.trace().kinds().size(); kind++) {
        StepTrace.Kind own = alone.trace().kinds().get(kind);
        StepTrace.Kind example = all.example().trace().kinds().get(kind);
        assertEquals(own.members(), example.members());
        List<Operation> operations = own.trace().operations();
        List<Integer> workOf = all.workOf(kind);
        assertEquals(operations.size(), workOf.size());
        for (int i = 0; i < workOf.size(); i++) {
          assertEquals(operations.get(i).after(), example.trace().operations().get(i).after());
          assertEquals(
              SizedOperation.work(operations.get(i)),
              SizedOperation.work(works.get(workOf.get(i))));
        }
        assertEquals(own.memory(), all.memoryAt(batch, kind), "batch " + batch);
      }
    }
  }

  @Test
  void whereRanksSendTokensToEachOtherSizesAreRoundedAndNotFound() {
    assertEquals(
        Optional.empty(),
        new ExpectedSteps(
                ModelShape.of("deepseek-r1").config(),
                new DataParallelStrategy(16, 1, 1, PAGED, false),
                DeployedPrecision.FP4)
            .byBatch(new StepQueries(16, CONTEXT)));
  }
}
