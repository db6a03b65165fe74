package dev.helix.runtime.timing.report;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.timing.machine.Framework;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.schedule.Schedule;
import dev.helix.runtime.timing.validation.TensorParallelR1;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The range of a TTL says something and holds. */
class TtlIntervalTest {
  private static final Machine TRTLLM = Machine.named("gb200", "silicon").under(Framework.TRTLLM);

  private static TtlInterval of(int batch) {
    return TtlInterval.of(TRTLLM, machine -> TensorParallelR1.schedule(machine, batch));
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

  /** The errors of its operations, weighed with their times, are all that the lower end has. */
  @Test
  void theLowerEndIsTheTtlLessTheErrorsOnTheCriticalPath() {
    Schedule schedule = TensorParallelR1.schedule(TRTLLM, 4);
    double least =
        TRTLLM.preset().checkErrors().keySet().stream()
            .mapToDouble(operation -> TRTLLM.preset().checkError(operation).value())
            .min()
            .orElseThrow();
    double most =
        TRTLLM.preset().checkErrors().keySet().stream()
            .mapToDouble(operation -> TRTLLM.preset().checkError(operation).value())
            .max()
            .orElseThrow();
    double low = of(4).lowMicros() / schedule.ttlMicros();
    assertTrue(low < 1 - least && low > 1 - most, "low end is " + low + " of the TTL");
  }
}
