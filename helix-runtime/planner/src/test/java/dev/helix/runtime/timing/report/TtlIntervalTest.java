package dev.helix.runtime.timing.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionLaunch;
import dev.helix.runtime.timing.TraceBuilder;
import dev.helix.runtime.timing.cost.Cost;
import dev.helix.runtime.timing.cost.OperationCosts;
import dev.helix.runtime.timing.machine.Framework;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.timing.schedule.Schedule;
import dev.helix.runtime.timing.schedule.Scheduler;
import dev.helix.runtime.timing.validation.TensorParallelR1;
import dev.helix.tensor.program.LaunchKind;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.TensorLaunch;
import dev.helix.tensor.trace.Launch;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The range of a TTL says something and holds. */
class TtlIntervalTest {
  private static final Machine TRTLLM = Machine.named("gb200", "silicon").under(Framework.TRTLLM);

  private static TtlInterval of(int batch) {
    return TtlInterval.of(
        TRTLLM,
        TensorParallelR1.schedule(TRTLLM, batch),
        machine -> TensorParallelR1.schedule(machine, batch));
  }

  /** All that was published of R1 end to end: at a batch of 1 both ends of what was measured. */
  @ParameterizedTest
  @CsvSource({"1, 5870", "1, 6350", "4, 7490", "16, 10020", "64, 14540"})
  void everyPublishedStepIsInItsRange(int batch, double measuredMicros) {
    TtlInterval interval = of(batch);
    assertTrue(
        interval.lowMicros() <= measuredMicros && measuredMicros <= interval.highMicros(),
        measuredMicros + " µs, and the range is " + interval);
  }

  /** A range that were twice as wide would hold too, and say nothing. */
  @Test
  void theRangeIsNarrowerThanAFactorOfTwo() {
    for (int batch : new int[] {1, 4, 16, 64}) {
      TtlInterval interval = of(batch);
      assertTrue(interval.highMicros() < 2 * interval.lowMicros(), interval.toString());
    }
  }

  /**
   * Two launches of attention share one stream, and neither waits for the other's result. So the
   * longest chain of results has one of them, the step has both, and both are as wrong.
   */
  @Test
  void anOperationThatWaitsForItsStreamCountsInTheRangeToo() {
    TraceBuilder trace = new TraceBuilder();
    trace.launch(AttentionLaunch.FLASH_DECODE, Phase.ATTENTION, 30);
    int second = trace.launch(AttentionLaunch.FLASH_DECODE, Phase.ATTENTION, 30);
    trace.launch(TensorLaunch.LINEAR, Phase.FFN, 20, second);
    Schedule schedule = aMicroPerByte(trace);
    double attention = error(AttentionLaunch.FLASH_DECODE);
    double linear = error(TensorLaunch.LINEAR);
    TtlInterval interval = TtlInterval.of(TRTLLM, schedule, machine -> schedule);
    assertEquals(80, schedule.ttlMicros(), 1e-12);
    assertEquals(80 - 60 * attention - 20 * linear, interval.lowMicros(), 1e-12);
    assertEquals(80 + 60 * attention + 20 * linear, interval.highMicros(), 1e-12);
  }

  /**
   * The upper end is that of the step in which launches save half, with the errors of that step.
   */
  @Test
  void theUpperEndIsThatOfHalfTheSavingOfLaunches() {
    TraceBuilder trace = new TraceBuilder();
    trace.launch(TensorLaunch.LINEAR, Phase.FFN, 20);
    Schedule fast = aMicroPerByte(trace);
    trace.launch(AttentionLaunch.FLASH_DECODE, Phase.ATTENTION, 30);
    Schedule slow = aMicroPerByte(trace);
    TtlInterval interval =
        TtlInterval.of(
            TRTLLM,
            fast,
            machine -> machine.preset().equals(TRTLLM.preset().overlapping(0.5)) ? slow : fast);
    double linear = 20 * error(TensorLaunch.LINEAR);
    assertEquals(20 - linear, interval.lowMicros(), 1e-12);
    assertEquals(
        50 + linear + 30 * error(AttentionLaunch.FLASH_DECODE), interval.highMicros(), 1e-12);
  }

  /** A launch takes as many µs as it has bytes. */
  private static Schedule aMicroPerByte(TraceBuilder trace) {
    OperationCosts costs =
        operation -> {
          long bytes = ((Launch) operation).hbmBytes();
          return new Cost(0, bytes, bytes);
        };
    return new Scheduler(costs, Accounting.PER_PIECE).schedule(List.of(trace.on(0)));
  }

  private static double error(LaunchKind kind) {
    return TRTLLM.preset().checkError(kind.family().toString()).value();
  }
}
