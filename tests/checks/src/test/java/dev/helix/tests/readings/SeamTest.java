package dev.helix.tests.readings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.CountingReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.scalar.OperationCounts;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** One program, two readings: the decode program does not know which of them it runs under. */
class SeamTest {
  private static final List<DecodeRequest> REQUESTS =
      List.of(
          new DecodeRequest(List.of(1, 25, 6, 5, 37, 7, 5, 49, 2, 15, 16, 5, 37, 3), 3),
          new DecodeRequest(List.of(1), 2));

  @Test
  void countingAndFp64DecodeTheSameTokensAndBothAreVerified() {
    Run fp64 = run(Layout.dense(4, 2), new Fp64Reading());
    Run counting = run(Layout.dense(4, 2), new CountingReading());
    for (int request = 0; request < REQUESTS.size(); request++) {
      assertEquals(
          fp64.result.requests().get(request).newTokens(),
          counting.result.requests().get(request).newTokens());
    }
    assertTrue(fp64.verification.passed(), () -> fp64.verification.failures().toString());
    assertTrue(counting.verification.passed(), () -> counting.verification.failures().toString());
  }

  @Test
  void theRanksTogetherMultiplyAsOftenAsOneRankWhereNothingIsReplicated() {
    CountingReading alone = new CountingReading();
    run(Layout.dense(1, 1), alone);
    CountingReading sharded = new CountingReading();
    run(Layout.dense(4, 2), sharded);
    for (String operation : List.of("partialLinear", "swiGlu")) {
      assertEquals(
          multiplications(alone, 1, operation), multiplications(sharded, 8, operation), operation);
    }
  }

  @Test
  void partialProjectionsMultiplyOnceForEachWeightAndToken() {
    CountingReading reading = new CountingReading();
    run(Layout.dense(2, 2), reading);
    // Output projection 256·128 and down projection 384·128 in each of 4 layers, for 14 + 2 + 1 + 1
    // tokens that are read.
    long expected = 4L * (256 * 128 + 384 * 128) * (14 + 2 + 1 + 1);
    assertEquals(expected, multiplications(reading, 4, "partialLinear"));
  }

  private static long multiplications(CountingReading reading, int ranks, String operation) {
    long sum = 0;
    for (int rank = 0; rank < ranks; rank++) {
      SortedMap<String, OperationCounts> counts = reading.counts(rank);
      sum += counts.get(operation).multiplications();
    }
    return sum;
  }

  private static Run run(Layout layout, Reading<?> reading) {
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      DecodePlan plan =
          new DecodePlan(
              checkpoint,
              new HelixStrategy(layout, PlacementRule.roundRobin(1)),
              REQUESTS,
              Recording.TAPS);
      DecodeResult result =
          new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {});
      Verification verification =
          Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {});
      return new Run(result, verification);
    }
  }

  private record Run(DecodeResult result, Verification verification) {}
}
