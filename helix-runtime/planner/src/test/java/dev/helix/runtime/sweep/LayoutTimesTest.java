package dev.helix.runtime.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import dev.helix.runtime.timing.memory.StepMemory;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Times of a sweep are those of the whole step, with all layers and all pieces. */
class LayoutTimesTest {
  private static final PlacementRule PAGED =
      PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH);
  private static final int CONTEXT = 100_000;

  /** So many batches that a few traces give the sizes for all. */
  private static final int MANY = 100;

  static Stream<Arguments> plans() {
    return Stream.of(
        plan("llama-405b", StrategyKind.HELIX, helix(8, 8, 64, 1), 7),
        plan("llama-405b", StrategyKind.TP, new TensorParallelStrategy(tp(16, 1)), 3),
        plan("llama-405b", StrategyKind.TP_PP, new PipelineStrategy(4, tp(8, 1), 1), 2),
        plan("llama-405b", StrategyKind.MEDHA, new MedhaStrategy(4, 8, 8, 1, PAGED), 2),
        plan(
            "llama-405b",
            StrategyKind.DP_HELIX,
            new DataParallelStrategy(2, 4, 8, PAGED, false),
            10),
        plan("deepseek-r1", StrategyKind.HELIX, helix(16, 1, 2, 8), 5),
        plan("deepseek-r1", StrategyKind.TP, new TensorParallelStrategy(tp(8, 8)), 3),
        plan("deepseek-r1", StrategyKind.TP_PP, new PipelineStrategy(3, tp(4, 4), 1), 2),
        plan("deepseek-r1", StrategyKind.MEDHA, new MedhaStrategy(16, 1, 1, 8, PAGED), 2),
        plan(
            "deepseek-r1",
            StrategyKind.DP_EP,
            new DataParallelStrategy(16, 1, 1, PAGED, false),
            32),
        plan(
            "deepseek-r1",
            StrategyKind.DP_HELIX,
            new DataParallelStrategy(4, 4, 1, PAGED, false),
            16),
        plan(
            "deepseek-r1",
            StrategyKind.DP_HELIX,
            new DataParallelStrategy(4, 4, 1, PAGED, false),
            12));
  }

  private static Arguments plan(String model, StrategyKind kind, Strategy strategy, int batch) {
    return Arguments.of(model, new Plan(kind, strategy), batch);
  }

  private static Strategy helix(int kvp, int tpa, int tpf, int ep) {
    return new HelixStrategy(new Layout(kvp, tpa, tpf, ep), PAGED);
  }

  private static Layout tp(int tpa, int ep) {
    return new Layout(1, tpa, tpa / ep, ep);
  }

  @ParameterizedTest
  @MethodSource("plans")
  void twoLayersOfEachKindAndThreePiecesStandForAll(String model, Plan plan, int batch) {
    ModelConfig config = ModelShape.of(model).config();
    Deployment deployment =
        new Deployment(config, Machine.named("gb200", "silicon"), DeployedPrecision.FP4, CONTEXT);
    LayoutTimes times = times(deployment, plan, MANY);
    StepTrace whole = trace(config, plan.strategy(), batch);
    StepTime time = StepTime.of(deployment.machine(), whole, batch, Accounting.PER_PIECE);
    assertSame(time, times.ttlMicros(batch, HopB.OFF, 1));
    assertEquals(
        Optional.of(StepMemory.of(deployment.machine(), whole).fullest()), times.memory(batch, 1));
    if (plan.hasHopB()) {
      StepTrace split = trace(config, plan.withHopB(), batch);
      for (Accounting accounting : Accounting.values()) {
        HopB byRequest = new HopB(batch / plan.groups(), accounting);
        assertSame(
            StepTime.of(deployment.machine(), split, batch, accounting),
            times.ttlMicros(batch, byRequest, 1));
      }
    }
  }

  /** The time that a pipeline has by its formula is that of its schedule. */
  @ParameterizedTest
  @CsvSource({"llama-405b, 4, 8, 1, 3", "llama-405b, 4, 8, 1, 8", "deepseek-r1, 3, 4, 4, 5"})
  void equalMicroBatchesTakeTheirWayOrTheSlowestStage(
      String model, int pp, int tpa, int ep, int microBatches) {
    ModelConfig config = ModelShape.of(model).config();
    Deployment deployment =
        new Deployment(config, Machine.named("gb200", "silicon"), DeployedPrecision.FP4, CONTEXT);
    Plan plan = new Plan(StrategyKind.TP_PP, new PipelineStrategy(pp, tp(tpa, ep), 1));
    StepTrace full =
        trace(config, new PipelineStrategy(pp, tp(tpa, ep), microBatches), 2 * microBatches);
    assertSame(
        StepTime.of(deployment.machine(), full, 2 * microBatches, Accounting.PER_PIECE),
        times(deployment, plan, 1).ttlMicros(2, HopB.OFF, microBatches));
  }

  /** The pieces by request are those of the program, with drafts too. */
  @ParameterizedTest
  @CsvSource({"llama-405b, 8, 8, 0", "llama-405b, 8, 8, 2", "deepseek-r1, 16, 1, 3"})
  void piecesByRequestAreThoseOfTheProgram(String model, int kvp, int tpa, int drafts) {
    ModelConfig config = ModelShape.of(model).config();
    Deployment deployment =
        new Deployment(config, Machine.named("gb200", "silicon"), DeployedPrecision.FP4, CONTEXT);
    Plan plan = new Plan(StrategyKind.HELIX, helix(kvp, tpa, kvp * tpa, 1));
    StepQueries queries = new StepQueries(6, CONTEXT, drafts);
    StepTrace split =
        StepTracer.trace(
            config,
            plan.withHopB(),
            queries,
            DeployedPrecision.FP4,
            new LoadModel.UniformExpectation());
    PiecedTimes six = PiecedTimes.of(deployment, plan.withHopB(), queries, 6);
    assertSame(
        StepTime.of(deployment.machine(), split, 6, Accounting.IDEALISED), six.idealisedMicros());
    assertSame(
        StepTime.of(deployment.machine(), split, 6, Accounting.PER_PIECE), six.perPieceMicros());
    PiecedTimes two = PiecedTimes.of(deployment, plan.strategy(), queries, 2);
    assertTrue(two.perPieceMicros() < six.perPieceMicros(), "fewer pieces pay fewer latencies");
    assertTrue(two.idealisedMicros() > six.idealisedMicros(), "fewer pieces hide less");
  }

  @Test
  void noPieceCanHoldPartOfARequest() {
    Deployment deployment =
        new Deployment(
            ModelShape.of("llama-405b").config(),
            Machine.named("gb200", "silicon"),
            DeployedPrecision.FP4,
            CONTEXT);
    StepQueries queries = new StepQueries(6, CONTEXT);
    for (int count : new int[] {1, 4, 12}) {
      assertThrows(
          InvalidInputException.class,
          () -> PiecedTimes.of(deployment, helix(8, 8, 64, 1), queries, count));
    }
    assertThrows(
        InvalidInputException.class,
        () -> PiecedTimes.of(deployment, new TensorParallelStrategy(tp(8, 1)), queries, 2));
  }

  /** Idealised pieces share what they pay, so that more of them only hide more. */
  @ParameterizedTest
  @CsvSource({"llama-405b, paper", "deepseek-r1, silicon"})
  void idealisedPiecesHideMoreTheMoreThereAreAndPiecesOfTheirOwnPayMore(
      String model, String preset) {
    Deployment deployment =
        new Deployment(
            ModelShape.of(model).config(),
            Machine.named("gb200", preset),
            DeployedPrecision.FP4,
            CONTEXT);
    boolean latent = model.equals("deepseek-r1");
    for (Strategy strategy :
        List.of(
            latent ? helix(16, 1, 1, 16) : helix(8, 8, 64, 1),
            new DataParallelStrategy(2, 8, latent ? 1 : 4, PAGED, false))) {
      int batch = strategy instanceof HelixStrategy ? 8 : 16;
      StrategyKind kind =
          strategy instanceof HelixStrategy ? StrategyKind.HELIX : StrategyKind.DP_HELIX;
      double before = times(deployment, new Plan(kind, strategy), 1).ttlMicros(batch, HopB.OFF, 1);
      for (int pieces = 2; pieces <= 8; pieces *= 2) {
        PiecedTimes times =
            PiecedTimes.of(deployment, strategy, new StepQueries(batch, CONTEXT), pieces);
        double rounding = 4000 * Math.ulp(before);
        assertTrue(times.idealisedMicros() <= before + rounding, strategy + ", pieces " + pieces);
        assertTrue(times.perPieceMicros() >= times.idealisedMicros() - rounding);
        before = times.idealisedMicros();
      }
    }
  }

  /** A step that is traced by itself has the bits of the one that follows from other traces. */
  @ParameterizedTest
  @MethodSource("plans")
  void oneBatchTakesTheTimeThatItTakesAmongMany(String model, Plan plan, int batch) {
    Deployment deployment =
        new Deployment(
            ModelShape.of(model).config(),
            Machine.named("gb200", "paper"),
            DeployedPrecision.FP4,
            CONTEXT);
    LayoutTimes alone = times(deployment, plan, 1);
    LayoutTimes amongMany = times(deployment, plan, MANY);
    assertEquals(amongMany.memory(batch, 1), alone.memory(batch, 1));
    assertEquals(amongMany.ttlMicros(batch, HopB.OFF, 1), alone.ttlMicros(batch, HopB.OFF, 1));
    if (plan.hasHopB()) {
      for (Accounting accounting : Accounting.values()) {
        HopB byRequest = new HopB(batch / plan.groups(), accounting);
        assertEquals(
            amongMany.ttlMicros(batch, byRequest, 1), alone.ttlMicros(batch, byRequest, 1));
      }
    }
  }

  private static LayoutTimes times(Deployment deployment, Plan plan, int batches) {
    return new LayoutTimes(deployment, plan, deployment.request(), batches);
  }

  private static StepTrace trace(ModelConfig config, Strategy strategy, int batch) {
    return StepTracer.trace(
        config,
        strategy,
        batch,
        CONTEXT,
        DeployedPrecision.FP4,
        new LoadModel.UniformExpectation());
  }

  /**
   * The two times add the same costs in another order. Each of n additions rounds by at most half
   * an ULP of the sum. A byte that an average over a group rounds down in a piece takes at most 2
   * ps on a link of 900 GB/s at 60%, and n operations have at most n of them.
   */
  private static void assertSame(StepTime whole, double ttlMicros) {
    long n = whole.schedule().ranks().stream().mapToLong(rank -> rank.slots().size()).sum();
    double rounding = n * (Math.ulp(whole.ttlMicros()) + 2e-6);
    assertEquals(whole.ttlMicros(), ttlMicros, rounding);
  }
}
