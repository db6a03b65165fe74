package dev.helix.runtime.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes of step 9, which the page computes by itself, are those that the time model counts. */
class LessonHardwareTest {
  /** It divides into whole runs for each number of shards. */
  private static final int CONTEXT = 8 * PlacementRule.PAPER_RUN_LENGTH * 1000;

  private static final LessonScript SCRIPT = LessonScript.load();
  private static final ModelConfig MODEL = ModelShape.of("llama-405b").config();

  @ParameterizedTest
  @CsvSource({"1,1", "1,8", "2,4", "4,2", "4,8", "8,1", "8,8"})
  void aRankReadsAndSendsWhatTheTimeModelCounts(int kvp, int tpa) {
    HelixStrategy strategy =
        new HelixStrategy(
            Layout.dense(kvp, tpa), PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH));
    StepTrace trace =
        StepTracer.trace(
            MODEL, strategy, 1, CONTEXT, DeployedPrecision.FP4, new LoadModel.UniformExpectation());
    double cached = SCRIPT.number("readBytes", kvp, tpa, CONTEXT) * MODEL.layers();
    assertEquals(
        cached * 8 / DeployedPrecision.FP4.kv().bits(),
        (double) trace.kinds().get(0).memory().kvElements());
    StepTime time = StepTime.of(Machine.named("gb200", "paper"), trace, 1, Accounting.IDEALISED);
    long sent =
        time.schedule().ranks().get(0).slots().stream()
            .filter(slot -> slot.operation().place().equals(Place.layer(1)))
            .filter(slot -> slot.operation().phase() == Phase.ALL_TO_ALL)
            .mapToLong(slot -> slot.cost().bytes())
            .sum();
    assertEquals(SCRIPT.number("sentBytes", kvp, tpa), (double) sent);
    assertTrue(kvp == 1 || sent > 0);
  }
}
