package dev.helix.tests.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.faults.cache.CacheFaults;
import dev.helix.attention.faults.kernel.KernelFaults;
import dev.helix.attention.faults.merge.MergeFaults;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.fault.FaultSite;
import dev.helix.runtime.fault.SwitchableFaults;
import dev.helix.runtime.fault.SwitchedOn;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.CountingReading;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.faults.ExchangeFaults;
import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decodes with a shipped fault switched on, and what the verification says of them. */
class ShippedFaultsTest {
  private static final Layout LAYOUT = Layout.dense(4, 2);

  /** One request that ends within a run, and one that is shorter than a round of all shards. */
  private static final List<DecodeRequest> REQUESTS =
      List.of(
          new DecodeRequest(IntStream.range(0, 40).map(i -> 1 + i * 31 % 73).boxed().toList(), 2),
          new DecodeRequest(List.of(1, 33, 6, 5, 40), 2));

  private static final List<DecodeRequest> SHORT = REQUESTS.subList(1, 2);

  static Stream<Fault> shown() {
    return Stream.of(
        MergeFaults.BASE_2_AS_E,
        KernelFaults.OTHER_STATS,
        KernelFaults.OTHER_GROUPS,
        CacheFaults.RUN_LENGTH_IGNORED,
        CacheFaults.IDLE_WITHOUT_NEW_TOKEN,
        ExchangeFaults.ROWS_BEFORE_SHARDS);
  }

  @ParameterizedTest
  @MethodSource("shown")
  void aDecodeWithAFaultIsNotVerified(Fault fault) {
    assertFalse(verified(new Fp64Reading(), fault, REQUESTS).passed(), fault.story().name());
  }

  /** The model has neither soft cap nor sinks. */
  static Stream<Fault> withoutEffect() {
    return Stream.of(KernelFaults.UNCAPPED, KernelFaults.SINK_ON_EVERY_RANK);
  }

  @ParameterizedTest
  @MethodSource("withoutEffect")
  void aFaultOfWhatTheModelHasNotChangesNothing(Fault fault) {
    Verification verification = verified(new Fp64Reading(), fault, REQUESTS);
    assertTrue(verification.passed(), () -> String.join("\n", verification.failures()));
  }

  @Test
  void aFaultIsTheSameInAnotherReading() {
    assertFalse(verified(new CountingReading(), MergeFaults.BASE_2_AS_E, SHORT).passed());
    assertTrue(verified(new CountingReading(), KernelFaults.UNCAPPED, SHORT).passed());
  }

  /** It changes where a rank looks, and no number. */
  @Test
  void aFaultOfTheCacheActsOnExactSumsToo() {
    assertTrue(SwitchableFaults.actsInEveryReading(CacheFaults.IDLE_WITHOUT_NEW_TOKEN));
    assertFalse(verified(new ExactReading(), CacheFaults.IDLE_WITHOUT_NEW_TOKEN, SHORT).passed());
    assertFalse(SwitchableFaults.actsInEveryReading(MergeFaults.BASE_2_AS_E));
  }

  @Test
  void aFaultOfOneRankAndLayerIsFoundInThatLayer() {
    FaultSite site = new FaultSite(OptionalInt.of(3), OptionalInt.of(2));
    List<Integer> failed =
        verified(new Fp64Reading(), MergeFaults.BASE_2_AS_E, site, SHORT).comparisons().stream()
            .filter(comparison -> !comparison.report().passed() && !comparison.estimated())
            .map(comparison -> comparison.place().layer())
            .distinct()
            .toList();
    assertEquals(List.of(2), failed);
  }

  @Test
  void aFaultOfThePlacementIsOneOfTheCachesOfAPlan() {
    FaultSite site = new FaultSite(OptionalInt.of(1), OptionalInt.empty());
    assertFalse(verified(new Fp64Reading(), CacheFaults.RUN_LENGTHS_DIFFER, site, SHORT).passed());
  }

  private static Verification verified(
      Reading<?> healthy, Fault fault, List<DecodeRequest> requests) {
    return verified(healthy, fault, FaultSite.EVERYWHERE, requests);
  }

  private static Verification verified(
      Reading<?> healthy, Fault fault, FaultSite site, List<DecodeRequest> requests) {
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      DecodePlan plan =
          new DecodePlan(
              checkpoint,
              new HelixStrategy(LAYOUT, PlacementRule.roundRobin(2)),
              requests,
              Recording.TAPS);
      SwitchedOn on = new SwitchedOn(fault, site);
      DecodeResult result =
          new DecodeRun(new ThreadRanks())
              .decode(on.plan(plan), on.reading(healthy, plan), new DecodeListener() {});
      return Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {});
    }
  }
}
