package dev.helix.runtime.timing.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.DType;
import dev.helix.tensor.mesh.Layout;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a step takes of the memory of GPUs, by known answers and by laws. */
class StepMemoryTest {
  private static final Machine MACHINE = Machine.named("gb200", "silicon");
  private static final PlacementRule PAGED =
      PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH);
  private static final DeployedPrecision FP8 =
      new DeployedPrecision(DType.FP8, DType.FP8, DType.BF16);

  static Stream<Arguments> strategies() {
    return Stream.of(
        Arguments.of("llama-405b", helix(8, 8, 64, 1)),
        Arguments.of("llama-405b", new TensorParallelStrategy(new Layout(1, 16, 16, 1))),
        Arguments.of("llama-405b", new PipelineStrategy(4, new Layout(1, 8, 8, 1), 1)),
        Arguments.of("llama-405b", new MedhaStrategy(4, 8, 8, 1, PAGED)),
        Arguments.of("llama-405b", new DataParallelStrategy(2, 4, 8, PAGED, false)),
        Arguments.of("deepseek-r1", helix(16, 1, 2, 8)),
        Arguments.of("deepseek-r1", new MedhaStrategy(16, 1, 1, 8, PAGED)),
        Arguments.of("deepseek-r1", new DataParallelStrategy(4, 4, 1, PAGED, false)));
  }

  private static Strategy helix(int kvp, int tpa, int tpf, int ep) {
    return new HelixStrategy(new Layout(kvp, tpa, tpf, ep), PAGED);
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void itemsAddUpToTheTotalAndTwoLayersOfEachKindStandForAll(String model, Strategy strategy) {
    StepMemory memory = StepMemory.of(MACHINE, trace(model, strategy, 8, 100_000));
    for (GpuMemory kind : memory.kinds()) {
      long sum = Arrays.stream(MemoryItem.values()).mapToLong(kind::bytes).sum();
      assertEquals(sum, kind.totalBytes());
      for (MemoryItem item : MemoryItem.values()) {
        assertTrue(kind.bytes(item) >= 0, kind::toString);
      }
    }
    StepMemory two =
        StepMemory.of(
            MACHINE,
            StepTracer.shortStep(
                    config(model),
                    strategy,
                    new StepQueries(8, 100_000),
                    FP8,
                    new LoadModel.UniformExpectation())
                .trace());
    assertEquals(memory, two);
  }

  @Test
  void hopBSplitsTensorsAndAddsNone() {
    Layout layout = new Layout(8, 8, 64, 1);
    StepMemory whole =
        StepMemory.of(MACHINE, trace("llama-405b", new HelixStrategy(layout, PAGED), 8, 4096));
    StepMemory pieces =
        StepMemory.of(
            MACHINE, trace("llama-405b", new HelixStrategy(layout, PAGED, true), 8, 4096));
    assertEquals(whole, pieces);
    assertEquals(
        StepMemory.of(MACHINE, trace("deepseek-r1", grouped(false), 8, 4096)),
        StepMemory.of(MACHINE, trace("deepseek-r1", grouped(true), 8, 4096)));
  }

  private static Strategy grouped(boolean hopB) {
    return new DataParallelStrategy(2, 4, 1, PAGED, hopB);
  }

  private static ModelConfig config(String model) {
    return ModelShape.of(model).config();
  }

  private static StepTrace trace(String model, Strategy strategy, int batch, int context) {
    return StepTracer.trace(
        config(model), strategy, batch, context, FP8, new LoadModel.UniformExpectation());
  }
}
