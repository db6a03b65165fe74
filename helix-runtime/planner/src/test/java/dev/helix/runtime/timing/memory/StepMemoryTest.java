package dev.helix.runtime.timing.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import dev.helix.runtime.trace.CacheGrowth;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.DType;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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

  /** Models, strategies, and how many copies of each KV head or latent their ranks keep. */
  static Stream<Arguments> strategies() {
    return Stream.of(
        Arguments.of("llama-405b", helix(8, 8, 64, 1), 1),
        Arguments.of("llama-405b", new TensorParallelStrategy(new Layout(1, 16, 16, 1)), 2),
        Arguments.of("llama-405b", new PipelineStrategy(4, new Layout(1, 8, 8, 1), 1), 1),
        Arguments.of("llama-405b", new MedhaStrategy(4, 8, 8, 1, PAGED), 1),
        Arguments.of("llama-405b", new DataParallelStrategy(2, 4, 8, PAGED, false), 1),
        Arguments.of("deepseek-r1", helix(16, 1, 2, 8), 1),
        Arguments.of("deepseek-r1", new TensorParallelStrategy(new Layout(1, 8, 1, 8)), 8),
        Arguments.of("deepseek-r1", new MedhaStrategy(16, 1, 1, 8, PAGED), 1),
        Arguments.of("deepseek-r1", new DataParallelStrategy(4, 4, 1, PAGED, false), 1));
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

  /** Nothing that arrives is larger than the logits of 8 requests over 128,256 words, in BF16. */
  @Test
  void theGatheredLogitsNeedTheLargestExchangeBuffer() {
    StepMemory memory = StepMemory.of(MACHINE, trace("llama-405b", helix(8, 8, 64, 1), 8, 4096));
    assertEquals(8 * 128_256 * 2, memory.fullest().bytes(MemoryItem.EXCHANGE_BUFFERS));
  }

  /** A fraction of a byte is a byte that nobody may have. */
  @Test
  void theReserveIsRoundedUp() {
    MemoryReserve reserve = new MemoryReserve(1e-10);
    assertEquals(1, reserve.bytes(MACHINE.gpu()));
    assertEquals(MACHINE.gpu().memoryBytes() - 1, reserve.usableBytes(MACHINE.gpu()));
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

  /** All ranks together keep each token once for each copy of its KV head, and no token twice. */
  @ParameterizedTest
  @MethodSource("strategies")
  void theCachesOfAllRanksAreTheCacheOfAllTokens(String model, Strategy strategy, int copies) {
    long elements = 0;
    for (StepTrace.Kind kind : trace(model, strategy, 8, 99_999).kinds()) {
      elements += (long) kind.members().size() * kind.memory().kvElements();
    }
    assertEquals(8L * copies * 99_999 * config(model).kvElementsPerToken(), elements);
  }

  /** In whole rounds of the placement; nothing but the cache knows the context. */
  @ParameterizedTest
  @MethodSource("strategies")
  void onlyTheCacheGrowsAndItIsLinear(String model, Strategy strategy) {
    GpuMemory once = StepMemory.of(MACHINE, trace(model, strategy, 8, 64 * 1024)).fullest();
    GpuMemory twice = StepMemory.of(MACHINE, trace(model, strategy, 8, 2 * 64 * 1024)).fullest();
    assertEquals(2 * once.bytes(MemoryItem.KV_CACHE), twice.bytes(MemoryItem.KV_CACHE));
    assertEquals(
        once.totalBytes() + once.bytes(MemoryItem.KV_CACHE), twice.totalBytes(), once::toString);
  }

  @Test
  void moreRanksThatSplitNeverNeedMoreOnEach() {
    for (Layout[] wider :
        new Layout[][] {
          {new Layout(4, 8, 32, 1), new Layout(8, 8, 64, 1)},
          {new Layout(8, 4, 32, 1), new Layout(8, 8, 64, 1)}
        }) {
      GpuMemory few =
          StepMemory.of(MACHINE, trace("llama-405b", new HelixStrategy(wider[0], PAGED), 8, 65_536))
              .fullest();
      GpuMemory many =
          StepMemory.of(MACHINE, trace("llama-405b", new HelixStrategy(wider[1], PAGED), 8, 65_536))
              .fullest();
      for (MemoryItem item : MemoryItem.values()) {
        assertTrue(many.bytes(item) <= few.bytes(item), item + ": " + few + "; " + many);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void theFullestGpuDoesNotDependOnTheOrderOfRanks(String model, Strategy strategy) {
    StepTrace trace = trace(model, strategy, 8, 1000);
    List<StepTrace.Kind> reversed = new ArrayList<>(trace.kinds());
    Collections.reverse(reversed);
    assertEquals(
        StepMemory.of(MACHINE, trace).fullest().totalBytes(),
        StepMemory.of(MACHINE, new StepTrace(reversed)).fullest().totalBytes());
  }

  /** Stages compute one micro-batch at a time, which is what a sweep traces of them. */
  @Test
  void aPipelineHoldsTheCachesOfAllMicroBatchesAndTheActivationsOfOne() {
    Layout stage = new Layout(1, 8, 8, 1);
    StepMemory four =
        StepMemory.of(MACHINE, trace("llama-405b", new PipelineStrategy(4, stage, 4), 8, 4096));
    StepMemory one =
        StepMemory.of(MACHINE, trace("llama-405b", new PipelineStrategy(4, stage, 1), 2, 4096));
    assertEquals(one.withCachesTimes(4), four);
  }

  /**
   * KV cache per token of a request in BF16, as DeepSeek publish it for both models (Insights into
   * DeepSeek-V3, arXiv 2505.09343, table 1): 70.272 and 516.096 KB.
   */
  @Test
  void aTokenTakesThePublishedBytesOfCache() {
    DeployedPrecision bf16 = DeployedPrecision.uniform(DType.BF16);
    assertEquals(70_272, cacheOfOneToken("deepseek-r1", bf16));
    assertEquals(516_096, cacheOfOneToken("llama-405b", bf16));
  }

  private static long cacheOfOneToken(String model, DeployedPrecision precision) {
    StepTrace trace =
        StepTracer.trace(
            config(model),
            new TensorParallelStrategy(new Layout(1, 1, 1, 1)),
            new StepQueries(1, 1),
            precision,
            new LoadModel.UniformExpectation());
    return StepMemory.of(MACHINE, trace).fullest().bytes(MemoryItem.KV_CACHE);
  }

  /**
   * DeepSeek-R1 is served in FP8 on 8 H200 of 141 GB (SGLang's and vLLM's guides), and not on 8
   * GPUs of 80 GB: its 671 billion parameters take more than 80 GB on each.
   */
  @Test
  void eightH200HoldR1InFp8AndEightGpusOf80GbDoNot() {
    Machine h200 = Machine.named("h200", "paper");
    Strategy tp8 = new TensorParallelStrategy(new Layout(1, 8, 1, 8));
    StepMemory memory = StepMemory.of(h200, trace("deepseek-r1", tp8, 8, 32_768));
    assertTrue(memory.fits(h200, MemoryReserve.DEFAULT), () -> memory.fullest().toString());
    long ofAll = 8 * memory.fullest().weightBytes();
    assertTrue(memory.weightBytes() > 80e9, () -> memory.fullest().toString());
    // Copies of embedding, latent projections, routers and norms come on top of the parameters.
    assertTrue(ofAll > 671e9 && ofAll < 1.1 * 671e9, () -> ofAll + " bytes of weights");
  }

  /** What is found without a trace is what traces say on both sides of it. */
  @ParameterizedTest
  @MethodSource("strategies")
  void theLargestContextFitsAndALongerOneDoesNot(String model, Strategy strategy) {
    StepQueries queries = new StepQueries(8, 1000, 2);
    int round = PlacementRule.PAPER_RUN_LENGTH * strategy.attentionParts();
    ContextGrowth growth =
        ContextGrowth.of(
            MACHINE,
            drafted(model, strategy, queries),
            MemoryReserve.DEFAULT,
            new CacheGrowth(config(model), strategy, queries),
            round);
    int largest = growth.largestContext();
    assertTrue(largest > 0);
    assertTrue(fits(model, strategy, queries.at(largest)));
    assertFalse(fits(model, strategy, queries.at(largest + 1)));
    assertEquals(
        growth.largestContext(),
        ContextGrowth.of(
                MACHINE,
                drafted(model, strategy, queries),
                MemoryReserve.DEFAULT,
                new CacheGrowth(config(model), strategy, queries.at(2 * largest)),
                round)
            .largestContext());
  }

  private static boolean fits(String model, Strategy strategy, StepQueries queries) {
    return StepMemory.of(MACHINE, drafted(model, strategy, queries))
        .fits(MACHINE, MemoryReserve.DEFAULT);
  }

  private static StepTrace drafted(String model, Strategy strategy, StepQueries queries) {
    return StepTracer.trace(
        config(model), strategy, queries, FP8, new LoadModel.UniformExpectation());
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
