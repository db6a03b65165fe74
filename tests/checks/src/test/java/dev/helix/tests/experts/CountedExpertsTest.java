package dev.helix.tests.experts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.CountingReading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.scalar.OperationCounts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How often the ranks multiply for latent attention and experts: recall-mla, 3 + 1 tokens. */
class CountedExpertsTest {
  private static final long TOKENS = 3 + 1;
  private static final List<DecodeRequest> REQUESTS =
      List.of(new DecodeRequest(List.of(1, 25, 6), 1), new DecodeRequest(List.of(1), 1));

  /** By operation: 4 layers of attention with 8 heads, 3 layers with 2 of 8 experts of 96. */
  private static final Map<String, Long> EXPECTED =
      Map.of(
          "expandValues", 4 * TOKENS * 8 * 32 * 64,
          "groupedLinear", 3 * TOKENS * 2 * (2 * 96) * 128,
          "combineExperts", 3 * TOKENS * 2 * 128 * 96,
          "weightedSwiGlu", 3 * TOKENS * 2 * 96 * 2);

  @Test
  void whatIsNotReplicatedIsMultipliedOnceByAllRanksTogether() {
    for (Layout layout :
        List.of(
            new Layout(1, 1, 1, 1),
            new Layout(4, 1, 4, 1),
            new Layout(4, 1, 2, 2),
            new Layout(4, 1, 1, 4))) {
      CountingReading reading = run(layout);
      EXPECTED.forEach(
          (operation, expected) ->
              assertEquals(expected, multiplications(reading, layout, operation), operation));
    }
  }

  @Test
  void everyRankAbsorbsTheQueriesOfAllHeads() {
    Layout layout = new Layout(2, 1, 1, 2);
    CountingReading reading = run(layout);
    long absorbed = 2 * 4 * TOKENS * 8 * 32 * 64;
    assertEquals(absorbed, multiplications(reading, layout, "absorbQueries"));
  }

  private static long multiplications(CountingReading reading, Layout layout, String operation) {
    long sum = 0;
    for (int rank = 0; rank < layout.ranks(); rank++) {
      OperationCounts none = OperationCounts.NONE;
      sum += reading.counts(rank).getOrDefault(operation, none).multiplications();
    }
    return sum;
  }

  private static CountingReading run(Layout layout) {
    CountingReading reading = new CountingReading();
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-mla")) {
      DecodePlan plan =
          new DecodePlan(
              checkpoint,
              new HelixStrategy(layout, PlacementRule.roundRobin(1)),
              REQUESTS,
              Recording.STEPS);
      new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {});
    }
    return reading;
  }
}
