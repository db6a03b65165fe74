package dev.helix.tests.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.ffn.helix.MoeExchange;
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
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.trace.Transfer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every strategy is traced on models of the paper's size; each rank brings the bytes of the formula
 * to its exchanges, and the trace can be scheduled.
 */
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
  void aPaperSizedStepSendsTheBytesOfTheFormulaAndIsScheduled(String name, Strategy strategy) {
    ModelConfig model = ModelShape.of(name).config();
    StepTrace trace =
        StepTracer.trace(
            model,
            strategy,
            BATCH,
            CONTEXT,
            DeployedPrecision.FP4,
            new LoadModel.UniformExpectation());
    assertEquals(strategy.ranks(), trace.ranks());
    assertGroupsAreSaid(trace, strategy);
    SentBytes expected =
        new SentBytes(
            model,
            BATCH,
            SentBytes.Format.BF16,
            (layer, from, to) -> travelling(strategy.ranks(), from, to));
    for (int rank = 0; rank < strategy.ranks(); rank++) {
      Map<String, Long> sent = new TreeMap<>();
      trace.of(rank).operations().stream()
          .filter(Transfer.class::isInstance)
          .map(Transfer.class::cast)
          .forEach(t -> sent.merge(t.name(), bytes(t), Long::sum));
      sent.values().removeIf(bytes -> bytes == 0);
      assertEquals(expected.of(strategy, rank), sent, "rank " + rank);
    }
    StepTime time =
        StepTime.of(Machine.named("gb200", "silicon"), trace, BATCH, Accounting.IDEALISED);
    assertTrue(time.ttlMicros() > 0);
  }

  /** The expert groups have ranks with long and with short shards, and not equally many. */
  @Test
  void helixWithReductionByGroupExchangesInTheGroupsThatItSays() {
    Strategy strategy =
        new HelixStrategy(
            new Layout(32, 1, 4, 8),
            PLACEMENT,
            false,
            new MoeExchange(MoeExchange.Router.SPLIT, MoeExchange.Reduction.BY_GROUP));
    StepTrace trace =
        StepTracer.trace(
            ModelShape.of("deepseek-r1").config(),
            strategy,
            4,
            999_000,
            DeployedPrecision.FP4,
            new LoadModel.UniformExpectation());
    assertGroupsAreSaid(trace, strategy);
    assertTrue(trace.kinds().size() > 2, "kinds that differ in more than the length of shards");
    StepTime.of(Machine.named("gb200", "silicon"), trace, 4, Accounting.IDEALISED);
  }

  private static void assertGroupsAreSaid(StepTrace trace, Strategy strategy) {
    trace.kinds().stream()
        .flatMap(kind -> kind.trace().operations().stream())
        .filter(Transfer.class::isInstance)
        .map(transfer -> ((Transfer) transfer).group())
        .filter(group -> group.size() > 1)
        .distinct()
        .forEach(
            group ->
                assertTrue(
                    strategy.exchanges().stream()
                        .flatMap(List::stream)
                        .anyMatch(said -> said.ranks().equals(group.ranks())),
                    () -> group + " is not among " + strategy.exchanges()));
  }

  /** What a rank sends that brings certain operands to an exchange. */
  private static long bytes(Transfer transfer) {
    long others = transfer.group().size() - 1L;
    long operands = transfer.operandBytes();
    return switch (transfer.kind()) {
      case ALL_REDUCE, PARTIAL_ALL_REDUCE -> 2 * others * operands / (others + 1);
      case REDUCE_SCATTER, ALL_TO_ALL -> others * operands / (others + 1);
      case ALL_GATHER, BROADCAST -> others * operands;
      case GATHER_BLOCKS -> transfer.peers().sendsTo() * operands;
      case ALL_TO_ALL_ROWS, POINT_TO_POINT -> operands;
    };
  }

  /**
   * One token of each rank of 64. It has an expert on a rank that has 4 of them with the chance
   * that {@code ExpertChoiceTest} holds to R1's router. The expected rows are rounded up, and dealt
   * to those that follow.
   */
  private static long travelling(int ranks, int from, int to) {
    assertEquals(64, ranks);
    long rows = (long) Math.ceil(0.11704 * 63);
    return Math.floorMod(to - from - 1, 64) < rows ? 1 : 0;
  }
}
