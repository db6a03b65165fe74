package dev.helix.tests.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Steps of Llama-3.1-405B and DeepSeek-R1 against what is known of them. */
class PaperSizedStepTest {
  private static final int MILLION = 1_000_000;
  private static final LoadModel UNIFORM = new LoadModel.UniformExpectation();
  private static final ModelConfig LLAMA = ModelShape.of("llama-405b").config();
  private static final ModelConfig R1 = ModelShape.of("deepseek-r1").config();

  @Test
  void theModelsHaveTheirParameters() {
    // Per layer: norms, Q and O, K and V, three FFN matrices. Outside: embedding, head, norm.
    long llamaLayer = 2 * 16384L + 2 * 16384L * 16384 + 2 * 1024L * 16384 + 3 * 16384L * 53248;
    long llama = 126 * llamaLayer + 2 * 128256L * 16384 + 16384;
    assertEquals(405_853_388_800L, llama);
    assertEquals(llama, ModelShape.of("llama-405b").parameters());

    long queries = 7168L * 1536 + 1536 + 1536L * 128 * (128 + 64);
    long entries = 7168L * (512 + 64) + 512 + 512L * 128 * (128 + 128);
    long attention = queries + entries + 128L * 128 * 7168;
    long dense = 3 * 7168L * 18432;
    long experts = (256 + 1) * 3 * 7168L * 2048 + 256 * 7168L + 256;
    long r1 = 61 * (attention + 2 * 7168) + 3 * dense + 58 * experts + 2 * 129280L * 7168 + 7168;
    assertEquals(r1, ModelShape.of("deepseek-r1").parameters());
    assertEquals(671_026_419_200L, r1);
  }

  @Test
  void theCachesHaveTheirElements() {
    assertEquals(258_048, LLAMA.kvElementsPerToken());
    assertEquals(35_136, R1.kvElementsPerToken());
    assertEquals(258_048L * 8 * MILLION, kv(llama(8, 8)));
    assertEquals(35_136L * 8 * MILLION, kv(r1(64)));
  }

  private static long kv(StepTrace step) {
    return step.kinds().stream()
        .mapToLong(kind -> (long) kind.members().size() * kind.memory().kvElements())
        .sum();
  }

  @Test
  void anExchangeSendsTheKnownBytes() {
    Transfer llama = exchange(llama(8, 8));
    Spec partial = llama.operands().get(0);
    assertEquals(DType.BF16, partial.dtype());
    assertEquals(4 << 10, partial.bytes() / llama.group().size());
    assertEquals(28 << 10, partial.bytes() / llama.group().size() * (llama.group().size() - 1));
    // One LSE in FP32 for each head and request rides along; TensorRT-LLM sends a pair.
    assertEquals(8 * 16 * 4, llama.operands().get(1).bytes());

    Transfer r1 = exchange(r1(64));
    assertEquals(16 << 10, r1.operands().get(0).bytes() / r1.group().size());
    assertEquals(1_032_192, r1.operands().get(0).bytes() / 64 * 63);
  }

  private static Transfer exchange(StepTrace step) {
    return step.of(0).operations().stream()
        .filter(operation -> operation.name().equals("allToAll"))
        .map(operation -> (Transfer) operation)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void allRanksTogetherReadEachElementOfTheCacheOnce() {
    for (StepTrace step : List.of(llama(8, 8), r1(64))) {
      long elements = 0;
      for (StepTrace.Kind kind : step.kinds()) {
        for (Operation operation : kind.trace().operations()) {
          if (operation.name().startsWith("flashDecode")) {
            elements +=
                (long) kind.members().size()
                    * ((Launch) operation)
                        .reads().stream()
                            .filter(read -> read.has(Axis.SLOTS))
                            .mapToLong(Spec::elements)
                            .sum();
          }
        }
      }
      assertEquals(kv(step), elements);
    }
  }

  @Test
  void aRankReadsItsShareOfTheWeights() {
    long elements = 0;
    for (Operation operation : llama(8, 8).of(0).operations()) {
      if (operation instanceof Launch launch && launch.place().equals(Place.layer(17))) {
        elements +=
            launch.reads().stream()
                .filter(read -> read.dtype() == DType.FP4 && !read.has(Axis.SLOTS))
                .mapToLong(Spec::elements)
                .sum();
      }
    }
    // Q/TPA and K/TPA heads are projected on each rank; output and FFN over all 64.
    long expected = (16 + 2) * 128L * 16384 + 16384L * 16384 / 64 + 3 * 16384L * 53248 / 64;
    assertEquals(expected, elements);
  }

  /** Which rows an expert gets is known when the router has made its logits, and not before. */
  @Test
  void expertsWaitForTheirRouting() {
    List<Operation> operations = r1(64).of(0).operations();
    int dispatched = 0;
    for (Operation operation : operations) {
      if (operation.name().equals("selectRows") && operation.phase() == Phase.DISPATCH) {
        dispatched++;
        assertTrue(
            operation.after().stream()
                .map(operations::get)
                .filter(Launch.class::isInstance)
                .anyMatch(earlier -> ((Launch) earlier).writes().get(0).has(Axis.EXPERTS)),
            operation::toString);
      }
    }
    assertEquals(58, dispatched);
  }

  @Test
  void ranksDifferInTheirPartOfTheLastRoundAlone() {
    StepTrace step = llama(8, 8);
    assertEquals(64, step.ranks());
    // 10⁶ = 7812·128 + 64: half of the shards have a run more, one of them the newest token.
    assertEquals(
        List.of(8, 24, 32),
        step.kinds().stream().map(kind -> kind.members().size()).sorted().toList());
  }

  private static StepTrace llama(int kvp, int tpa) {
    return StepTracer.trace(
        LLAMA,
        new HelixStrategy(Layout.dense(kvp, tpa), PlacementRule.roundRobin(16)),
        8,
        MILLION,
        DeployedPrecision.FP4,
        UNIFORM);
  }

  private static StepTrace r1(int kvp) {
    return StepTracer.trace(
        R1,
        new HelixStrategy(new Layout(kvp, 1, 1, kvp), PlacementRule.roundRobin(16)),
        8,
        MILLION,
        DeployedPrecision.FP4,
        UNIFORM);
  }
}
