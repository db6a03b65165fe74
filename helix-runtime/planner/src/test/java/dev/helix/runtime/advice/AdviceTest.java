package dev.helix.runtime.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.HopB;
import dev.helix.runtime.sweep.StrategyKind;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.timing.report.TtlInterval;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class AdviceTest {
  private static final Wish WISH = new Wish(20, OptionalInt.empty());

  /** By preset: a search takes seconds, and its result does not change. */
  private static final Map<String, Advice> FOUND = new ConcurrentHashMap<>();

  private static Advice advice(String preset) {
    return FOUND.computeIfAbsent(preset, AdviceTest::search);
  }

  private static Advice search(String preset) {
    return Advice.of(Search.of(List.of(deployment(preset)), 8, WISH, (done, all) -> {}).get(0));
  }

  private static Deployment deployment(String preset) {
    return new Deployment(
        ModelShape.of("llama-405b").config(),
        Machine.named("gb200", preset),
        DeployedPrecision.FP4,
        100_000);
  }

  @Test
  void theRangeOfTheBestHoldsItsTimeAndRivalsReachIt() {
    Advice advice = advice("silicon");
    Advice.Measured measured = advice.certainty().measured().orElseThrow();
    Rival best = measured.best();
    assertEquals(advice.best(), best.point());
    assertTrue(best.interval().lowMicros() <= advice.best().ttlMicros());
    assertTrue(best.interval().highMicros() >= advice.best().ttlMicros());
    assertFalse(measured.rivals().isEmpty());
    assertTrue(measured.rivals().size() <= measured.others());
    for (Rival rival : measured.rivals()) {
      assertTrue(rival.interval().lowMicros() <= WISH.ttlMicros());
      assertTrue(
          best.interval().highMicros() > WISH.ttlMicros()
              || rival.mostPerGpu() >= best.leastPerGpu());
    }
    assertEquals(Optional.empty(), advice("paper").certainty().measured());
  }

  @Test
  void tensorParallelismIsNoSecondToHelixWithoutKvp() {
    Advice advice = advice("paper");
    assertEquals(StrategyKind.TP, advice.best().configuration().plan().kind());
    assertTrue(
        advice.layouts().second().orElseThrow().ttlMicros() != advice.best().ttlMicros(),
        () -> "the same layout under another name: " + advice.layouts().second());
  }

  @Test
  void aLayoutWhoseRangeDoesNotReachTheBestIsNoRival() {
    Rival best = advice("silicon").certainty().measured().orElseThrow().best();
    double ttl = best.point().ttlMicros();
    Rival sure = new Rival(best.point(), new TtlInterval(0.9 * ttl, 1.1 * ttl));
    Wish loose = new Wish(2 * ttl / 1000, OptionalInt.empty());
    assertTrue(other(best, 1.05 * ttl, 1.2 * ttl).mayBeat(sure, loose));
    assertFalse(other(best, 1.15 * ttl, 1.2 * ttl).mayBeat(sure, loose), "slower in any case");
    Wish tight = new Wish(1.05 * ttl / 1000, OptionalInt.empty());
    assertTrue(
        other(best, 1.02 * ttl, 1.2 * ttl).mayBeat(sure, tight), "the best may miss the wish");
    assertFalse(other(best, 1.06 * ttl, 1.2 * ttl).mayBeat(sure, tight), "this one must miss it");
  }

  @Test
  void eachRivalIsTheLargestOfItsPlanThatMayBeFastEnough() {
    Advice.Measured measured = advice("silicon").certainty().measured().orElseThrow();
    for (Rival rival : measured.rivals()) {
      Configuration one = rival.point().configuration();
      if (one.plan().stages() > 1) {
        continue; // Micro-batches are tried on the coarse grid of batches only.
      }
      int more = one.batch() + one.plan().groups();
      HopB hopB = one.hopB().isOn() ? new HopB(more, one.hopB().accounting()) : HopB.OFF;
      StepTime time =
          new WholeSteps(deployment("silicon"))
              .of(new Configuration(one.plan(), more, hopB, one.microBatches()));
      double low = time.interval().orElseThrow().lowMicros();
      assertTrue(low > WISH.ttlMicros(), () -> "one request more may be fast enough: " + one);
    }
  }

  private static Rival other(Rival best, double low, double high) {
    return new Rival(best.point(), new TtlInterval(low, high));
  }
}
