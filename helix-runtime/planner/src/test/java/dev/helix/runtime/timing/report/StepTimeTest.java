package dev.helix.runtime.timing.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.memory.ContextGrowth;
import dev.helix.runtime.timing.memory.GpuMemory;
import dev.helix.runtime.timing.memory.MemoryItem;
import dev.helix.runtime.timing.memory.MemoryReserve;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.mesh.Layout;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole steps of the two models of the paper. */
class StepTimeTest {
  private static final Layout LLAMA = new Layout(8, 8, 64, 1);
  private static final Layout R1 = new Layout(64, 1, 1, 64);

  private static StepTrace trace(
      String model, Layout layout, int batch, int context, boolean hopB) {
    return StepTracer.trace(
        ModelShape.of(model).config(),
        new HelixStrategy(layout, PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH), hopB),
        batch,
        context,
        DeployedPrecision.FP4,
        new LoadModel.UniformExpectation());
  }

  private static StepTime time(String preset, StepTrace trace, int batch, Accounting accounting) {
    return StepTime.of(Machine.named("gb200", preset), trace, batch, accounting);
  }

  @ParameterizedTest
  @CsvSource({"sol", "paper", "silicon"})
  void hopBIsNeverSlowerUnderIdealisedAccounting(String preset) {
    for (int batch : new int[] {1, 2, 8}) {
      StepTrace llama = trace("llama-405b", LLAMA, batch, 1_000_000, false);
      StepTrace llamaSplit = trace("llama-405b", LLAMA, batch, 1_000_000, true);
      StepTrace r1 = trace("deepseek-r1", R1, batch, 1_000_000, false);
      StepTrace r1Split = trace("deepseek-r1", R1, batch, 1_000_000, true);
      assertNotSlower(preset, llamaSplit, llama, batch);
      assertNotSlower(preset, r1Split, r1, batch);
    }
  }

  private static void assertNotSlower(String preset, StepTrace split, StepTrace whole, int batch) {
    double on = time(preset, split, batch, Accounting.IDEALISED).ttlMicros();
    double off = time(preset, whole, batch, Accounting.IDEALISED).ttlMicros();
    assertTrue(on <= off * (1 + 1e-12), on + " µs with HOP-B, " + off + " without");
  }

  /** In whole rounds of the placement: otherwise the owner of the step's token is another rank. */
  @Property(seed = "1618", tries = 40)
  void fewerTokensOrRequestsAreNeverSlower(
      @ForAll @IntRange(min = 2, max = 16) int batch,
      @ForAll @IntRange(min = 2, max = 30_000) int rounds,
      @ForAll @IntRange(max = 2) int preset) {
    String name = Machine.PRESETS.get(preset);
    int context = 64 * rounds;
    double all =
        time(
                name,
                trace("recall-gqa", new Layout(4, 2, 8, 1), batch, context, false),
                batch,
                Accounting.PER_PIECE)
            .ttlMicros();
    for (int[] fewer : new int[][] {{batch / 2, context}, {batch, 64 * (rounds / 2)}}) {
      StepTrace trace = trace("recall-gqa", new Layout(4, 2, 8, 1), fewer[0], fewer[1], false);
      double less = time(name, trace, fewer[0], Accounting.PER_PIECE).ttlMicros();
      assertTrue(less <= all * (1 + 1e-12), less + " µs of fewer, " + all + " of all");
    }
  }

  /** At 0.5 B an element in FP4; norms and the embedding, whole on every rank, are in BF16. */
  @Test
  void memoryIsThatOfTheRanksWeightsAndItsCache() {
    long hidden = 16_384;
    long layer =
        (16 + 2) * 128 * hidden / 2
            + hidden * hidden / 64 / 2
            + 3 * hidden * 53_248 / 64 / 2
            + 2 * hidden * 2;
    long outside = 128_256 * hidden * 2 + hidden * 2 + 128_256 / 64 * hidden / 2;
    // Of 62,500 runs of 16 tokens the first four shards have one more than the others.
    long cache = 126 * 2 * 128 * (7813L * 16) / 2;
    StepTrace trace = trace("llama-405b", LLAMA, 1, 1_000_000, false);
    GpuMemory memory = time("paper", trace, 1, Accounting.PER_PIECE).memory().fullest();
    assertEquals(126 * layer + outside, memory.weightBytes());
    assertEquals(cache, memory.bytes(MemoryItem.KV_CACHE));
  }

  @Test
  void figuresFollowFromTheLatencyOfTheStep() {
    StepTime time =
        time("paper", trace("llama-405b", LLAMA, 8, 1_000_000, false), 8, Accounting.PER_PIECE);
    assertEquals(1e6 / time.ttlMicros(), time.tokensPerSecondPerUser(), 1e-9);
    assertEquals(8 * time.tokensPerSecondPerUser() / 64, time.tokensPerSecondPerGpu(), 1e-9);
  }

  /**
   * Of one rank in a layer of Llama at KVP 8 and TPA 8: 8 · 125,000 tokens of one KV head in FP4.
   */
  @Test
  void attentionReadsWhatTheRooflineSays() {
    StepTime time =
        time("sol", trace("llama-405b", LLAMA, 8, 1_000_000, false), 8, Accounting.PER_PIECE);
    OperationRow attention =
        time.totals().stream()
            .filter(r -> r.name().equals("flashDecode"))
            .findFirst()
            .orElseThrow();
    double ofCache = 8 * 2 * 128 * 125_000 / 2.0;
    assertEquals(ofCache, (double) attention.hbmBytes() / attention.count(), 0.001 * ofCache);
  }

  @Test
  void theJsonHasTheFieldsThatAreDocumented() {
    StepTime time =
        time("silicon", trace("deepseek-r1", R1, 8, 1_000_000, true), 8, Accounting.IDEALISED);
    TimeReport.StepQuestion question =
        new TimeReport.StepQuestion(
            "deepseek-r1",
            "GB200",
            "silicon",
            1_000_000,
            8,
            Drafts.NONE,
            new Spread("helix", 64, Map.of("kvp", 64, "tpa", 1, "tpf", 1, "ep", 64)),
            new TimeReport.Formats(
                "fp4", Optional.empty(), Optional.empty(), Optional.empty(), "fp4"),
            true,
            "idealised",
            Optional.of("uniform"));
    JsonNode json =
        new ObjectMapper()
            .registerModule(new Jdk8Module())
            .valueToTree(
                TimeReport.of(
                    question,
                    time,
                    MemoryReport.of(time, MemoryReserve.DEFAULT, new ContextGrowth(1, 2))));
    assertEquals(time.ttlMicros(), json.get("ttlMicros").doubleValue());
    assertEquals(time.tokensPerSecondPerUser(), json.get("tokensPerSecondPerUser").doubleValue());
    assertEquals(time.tokensPerSecondPerGpu(), json.get("tokensPerSecondPerGpu").doubleValue());
    JsonNode fullest = json.at("/memory/fullest");
    assertEquals(time.memory().fullest().totalBytes(), fullest.get("totalBytes").longValue());
    long items = 0;
    for (JsonNode item : fullest.get("items")) {
      items += item.longValue();
    }
    assertEquals(fullest.get("totalBytes").longValue(), items);
    double end = 0;
    long flops = 0;
    int count = 0;
    for (JsonNode operation : json.get("operations")) {
      for (String field : new String[] {"name", "phase", "stream"}) {
        assertTrue(operation.get(field).isTextual(), field);
      }
      for (String field : new String[] {"count", "flops", "hbmBytes", "wireBytes"}) {
        assertTrue(operation.get(field).isIntegralNumber(), field);
      }
      assertTrue(
          operation.get("startMicros").doubleValue() <= operation.get("endMicros").doubleValue());
      end = Math.max(end, operation.get("endMicros").doubleValue());
      flops += operation.get("flops").longValue();
      count += operation.get("count").intValue();
    }
    assertEquals(time.ttlMicros(), end, 1e-9);
    assertEquals(time.schedule().slowest().size(), count);
    assertEquals(time.totals().stream().mapToLong(OperationRow::flops).sum(), flops);
    double shares = 0;
    for (JsonNode phase : json.get("phases")) {
      shares += phase.get("micros").doubleValue();
    }
    assertEquals(time.ttlMicros(), shares, 1e-6);
  }
}
