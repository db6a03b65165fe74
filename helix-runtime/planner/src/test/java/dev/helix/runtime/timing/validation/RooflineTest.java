package dev.helix.runtime.timing.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.runtime.timing.machine.Machine;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Helix Parallelism, Appendix A, with its assumptions: 0.5 B an element, 8000 GB/s, no more. */
class RooflineTest {
  private static final Machine MACHINE = Machine.named("gb200", "sol");

  @ParameterizedTest
  @CsvSource({
    "1, 1024, 237.0",
    "2, 512, 118.5",
    "4, 256, 59.2",
    "8, 128, 29.6",
    "16, 128, 14.9",
    "32, 128, 7.6",
    "64, 128, 3.9"
  })
  void tensorParallelismStopsHelpingAtAsManyRanksAsKvHeads(
      int tpa, String kvMicros, String weightMicros) {
    assertDigits(kvMicros, Roofline.FIGURE_1.kvMicros(MACHINE, tpa, 1));
    assertDigits(weightMicros, Roofline.FIGURE_1.weightMicros(MACHINE, tpa, tpa));
  }

  /** 171,966,464 elements at KVP 4 are 10.748 µs. */
  @ParameterizedTest
  @CsvSource({"1, 128, 29.6", "2, 64, 17.0", "4, 32, 10.7", "8, 16, 7.6"})
  void kvParallelismGoesOnHelping(int kvp, String kvMicros, String weightMicros) {
    assertDigits(kvMicros, Roofline.FIGURE_1.kvMicros(MACHINE, 8, kvp));
    assertDigits(weightMicros, Roofline.FIGURE_1.weightMicros(MACHINE, 8, 8 * kvp));
  }

  /** To the digits that are printed. */
  private static void assertDigits(String printed, double micros) {
    int scale = new BigDecimal(printed).scale();
    assertEquals(
        new BigDecimal(printed), new BigDecimal(micros).setScale(scale, RoundingMode.HALF_EVEN));
  }
}
