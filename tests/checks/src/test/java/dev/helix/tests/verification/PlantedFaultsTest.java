package dev.helix.tests.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.PartialAttention;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.Comparison;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.Axis;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.mesh.RankFailure;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the verification says of a run that is right, and of runs with a fault planted in them. */
class PlantedFaultsTest {
  private static final Layout LAYOUT = Layout.dense(4, 2);

  /** Long enough that three of four shards hold tokens, and the last none, under runs of 16. */
  private static final List<DecodeRequest> REQUESTS =
      List.of(
          new DecodeRequest(IntStream.range(0, 40).map(i -> 1 + i * 31 % 73).boxed().toList(), 3),
          new DecodeRequest(List.of(1, 33, 6, 5, 40), 3));

  @Test
  void aCorrectRunIsVerifiedAndItsErrorsAreNotFarBelowTheBounds() {
    Verification verification = verified(new Fp64Reading());
    assertTrue(verification.passed(), () -> String.join("\n", verification.failures()));
    for (Comparison comparison : verification.comparisons()) {
      double share = comparison.report().worstShare();
      // The embedding is a copy: bound and error are 0.
      boolean exact = comparison.report().largestBound() == 0;
      assertTrue(exact || share > 1e-4, () -> comparison + " is vacuous");
    }
  }

  @Test
  void aBase2LseReadAsBaseEIsNotVerified() {
    double log2OfE = 1 / Math.log(2);
    assertRefused(PlantedReading.inMerge(lse(value -> value * log2OfE)));
  }

  @Test
  void partialOutputsRoundedToSinglePrecisionAreNotVerified() {
    assertRefused(PlantedReading.inMerge(outputs(value -> (double) (float) value)));
  }

  @Test
  void anErrorOfOnePartInABillionOfTheLseIsNotVerified() {
    assertRefused(PlantedReading.inMerge(lse(value -> value * (1 + 1e-9))));
  }

  @Test
  void aMergeThatIsWrongOnOneRankIsNotVerified() {
    assertRefused(PlantedReading.inMergeOfRank(5, outputs(value -> value * (1 + 1e-9))));
  }

  @Test
  void aLostShardIsNotVerified() {
    assertRefused(
        PlantedReading.inMerge(
            shards -> {
              long own = shards.lse().region().length() / shards.lse().spec().size(Axis.SHARDS);
              for (long i = 0; i < own; i++) {
                shards.lse().region().set(i, Double.NEGATIVE_INFINITY);
              }
              return shards;
            }));
  }

  @Test
  void aFailingRankStopsAllRanksAndNamesRankLayerAndOperation() {
    PlantedReading reading =
        PlantedReading.inMergeOfRank(
            5,
            shards -> {
              throw new IllegalStateException("planted");
            });
    RankFailure failure = assertThrows(RankFailure.class, () -> verified(reading));
    assertEquals("rank 5, layer 0, allToAll: planted", failure.getMessage());
  }

  private static void assertRefused(Reading<?> reading) {
    Verification verification = verified(reading);
    assertFalse(verification.passed());
    boolean layerNamed =
        verification.comparisons().stream()
            .anyMatch(c -> c.place().layer() >= 0 && !c.report().passed());
    assertTrue(layerNamed, "no layer's comparison failed");
  }

  private static Verification verified(Reading<?> reading) {
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      DecodePlan plan =
          new DecodePlan(
              checkpoint,
              new HelixStrategy(LAYOUT, PlacementRule.roundRobin(16)),
              REQUESTS,
              Recording.TAPS);
      DecodeResult result =
          new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {});
      return Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {});
    }
  }

  private static UnaryOperator<PartialAttention<Fp64Tensor>> lse(DoubleUnaryOperator change) {
    return shards -> {
      change(shards.lse(), change);
      return shards;
    };
  }

  private static UnaryOperator<PartialAttention<Fp64Tensor>> outputs(DoubleUnaryOperator change) {
    return shards -> {
      change(shards.output(), change);
      return shards;
    };
  }

  private static void change(Fp64Tensor tensor, DoubleUnaryOperator change) {
    for (long i = 0; i < tensor.region().length(); i++) {
      tensor.region().set(i, change.applyAsDouble(tensor.region().get(i)));
    }
  }
}
