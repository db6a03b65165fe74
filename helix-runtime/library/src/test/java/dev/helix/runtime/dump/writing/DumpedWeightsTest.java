package dev.helix.runtime.dump.writing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.Precision;
import dev.helix.attention.convention.WeightForm;
import dev.helix.attention.convention.Weights;
import org.junit.jupiter.api.Test;

/** The weight of a partial state survives the numbers in which a convention keeps it. */
class DumpedWeightsTest {
  private static DumpedWeights in(LogBase base, WeightForm form) {
    return new DumpedWeights(Convention.of(Precision.FP64).with(Weights.of(base).as(form)));
  }

  /** ln 12 = log₂ 12 · ln 2, and 12 = 2⁴ · 0.75 = e² · 12/e². */
  @Test
  void aWeightOfTwelveHasItsNumbersInEachBaseAndForm() {
    double nats = Math.log(12);
    double log2 = nats / Math.log(2);
    assertNumbers(new double[] {nats}, LogBase.E, WeightForm.LSE);
    assertNumbers(new double[] {log2}, LogBase.TWO, WeightForm.LSE);
    assertNumbers(new double[] {4, 0.75}, LogBase.TWO, WeightForm.MAX_SUM);
    assertNumbers(new double[] {2, 12 * Math.exp(-2)}, LogBase.E, WeightForm.MAX_SUM);
  }

  private static void assertNumbers(double[] expected, LogBase base, WeightForm form) {
    DumpedWeights weights = in(base, form);
    double nats = Math.log(12);
    assertArrayEquals(expected, weights.of(nats), 1e-15 * 8);
    assertEquals(nats / base.nats(), weights.read(nats), 1e-15 * 8);
    assertEquals(nats, weights.carried(nats), 1e-15 * 8);
  }

  @Test
  void noTokensStayNone() {
    for (LogBase base : LogBase.values()) {
      for (WeightForm form : WeightForm.values()) {
        DumpedWeights weights = in(base, form);
        assertEquals(
            Double.NEGATIVE_INFINITY, weights.carried(Double.NEGATIVE_INFINITY), base + " " + form);
      }
    }
  }
}
