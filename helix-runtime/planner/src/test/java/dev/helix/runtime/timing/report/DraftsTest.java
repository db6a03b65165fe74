package dev.helix.runtime.timing.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.timing.cost.AttentionSizes;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A step with drafts computes more rows and reads the same cache. */
class DraftsTest {
  private static final String STRATEGIES =
      "dev.helix.runtime.timing.memory.StepMemoryTest#strategies";
  private static final int BATCH = 8;
  private static final int CONTEXT = 100_000;
  private static final int DRAFTS = 3;

  @Test
  void aStepGivesTheModelsTokenAndTheAcceptedDraftsBeforeIt() {
    assertEquals(1 + 0.5 + 0.25 + 0.125, tokens(3, 0.5));
    assertEquals(1, tokens(3, 0));
    assertEquals(4, tokens(3, 1));
    assertEquals(OptionalDouble.of(1), Drafts.NONE.tokensPerStep());
    assertEquals(OptionalDouble.empty(), new Drafts(3, Optional.empty()).tokensPerStep());
  }

  private static double tokens(int drafts, double acceptance) {
    return new Drafts(drafts, Optional.of(acceptance)).tokensPerStep().orElseThrow();
  }

  /** All but attention and what it writes to the cache has the work of B(1 + D) requests. */
  @ParameterizedTest
  @MethodSource(STRATEGIES)
  void everyRowIsProjectedExchangedAndRoutedAsThatOfARequest(String model, Strategy strategy) {
    StepTrace drafted = trace(model, strategy, new StepQueries(BATCH, CONTEXT, DRAFTS));
    StepTrace requests = trace(model, strategy, new StepQueries(BATCH * (1 + DRAFTS), CONTEXT));
    for (int rank = 0; rank < strategy.ranks(); rank++) {
      assertEquals(besideAttention(requests, rank), besideAttention(drafted, rank), "rank " + rank);
    }
  }

  private static List<Object> besideAttention(StepTrace trace, int rank) {
    List<Object> work = new ArrayList<>();
    for (Operation operation : trace.of(rank).operations()) {
      if (operation instanceof Transfer transfer) {
        work.add(transfer.contribution());
      } else if (operation instanceof Launch launch
          && !AttentionSizes.isAttention(launch)
          && !launch.name().startsWith("append")) {
        work.add(launch.work());
      }
    }
    return work;
  }

  @ParameterizedTest
  @MethodSource(STRATEGIES)
  void attentionReadsTheCacheOnceForAllRowsOfARequest(String model, Strategy strategy) {
    StepTrace drafted = trace(model, strategy, new StepQueries(BATCH, CONTEXT, DRAFTS));
    StepTrace single = trace(model, strategy, new StepQueries(BATCH, CONTEXT + DRAFTS));
    for (int rank = 0; rank < strategy.ranks(); rank++) {
      List<Launch> many = attention(drafted, rank);
      List<Launch> one = attention(single, rank);
      assertEquals(one.size(), many.size());
      for (int i = 0; i < one.size(); i++) {
        assertEquals(cache(one.get(i)), cache(many.get(i)));
        assertEquals(1 + DRAFTS, AttentionSizes.of(many.get(i)).rowsOfRequest());
        assertEquals(1, AttentionSizes.of(one.get(i)).rowsOfRequest());
      }
    }
  }

  private static List<Launch> attention(StepTrace trace, int rank) {
    return trace.of(rank).operations().stream()
        .filter(Launch.class::isInstance)
        .map(Launch.class::cast)
        .filter(AttentionSizes::isAttention)
        .toList();
  }

  private static List<Spec> cache(Launch attention) {
    return attention.reads().stream().filter(read -> read.has(Axis.SLOTS)).toList();
  }

  @ParameterizedTest
  @MethodSource(STRATEGIES)
  void aDraftMoreIsNeverFaster(String model, Strategy strategy) {
    Machine machine = Machine.named("gb200", "silicon");
    double before = 0;
    for (int drafts : new int[] {0, 1, 3, 7}) {
      StepTrace trace = trace(model, strategy, new StepQueries(BATCH, CONTEXT, drafts));
      double ttl = StepTime.of(machine, trace, BATCH, Accounting.IDEALISED).ttlMicros();
      assertTrue(ttl >= before, ttl + " µs, " + before + " before");
      before = ttl;
    }
  }

  private static StepTrace trace(String model, Strategy strategy, StepQueries queries) {
    return StepTracer.trace(
        ModelShape.of(model).config(),
        strategy,
        queries,
        DeployedPrecision.FP4,
        new LoadModel.UniformExpectation());
  }
}
