package dev.helix.runtime.sharded.onerow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.KernelRoundings;
import dev.helix.runtime.sharded.tally.Element;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.tally.Tally;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.tensor.DType;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is said of a number that rounding may have put anywhere. */
class InfiniteBoundTest {
  /** Sums in BF16, of so many tokens one after the other, may lose all. */
  private static final KernelRoundings SHORT =
      new KernelRoundings(DType.BF16, DType.BF16, DType.BF16, 1, KernelRoundings.ANY_ORDER);

  private static final int TOKENS = 600;
  private static final Place PLACE = new Place(0, 0, 0);

  /** Values of 0 have magnitudes of 0, which an infinite factor makes no number. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void aNumberWhoseBoundIsInfiniteIsNotChecked(double value) {
    StepVerdict verdict = verdict(value, -7777.25, SHORT);
    for (StageVerdict stage : verdict.stages()) {
      assertFalse(stage.isChecked(), () -> stage.stage() + ": " + stage.tally().worst());
      assertFalse(stage.isWrong());
      assertEquals(1, stage.tally().unbounded());
      assertTrue(stage.lacking().orElseThrow().endsWith(": give --longest-sum"));
    }
  }

  @Test
  void aPromiseAboutSumsMakesItWrong() {
    assertTrue(verdict(1, -7777.25, SHORT.longestSum(4)).stage(Stage.PARTIAL).isWrong());
  }

  @Test
  void whatIsNoNumberIsWrongUnderAnyBound() {
    assertTrue(verdict(1, Double.NaN, SHORT).stage(Stage.WHOLE).isWrong());
  }

  @Test
  void itIsNoneOfTheNumbersThatHold() {
    Tally tally = new Tally();
    tally.add(new Element(PLACE, "LSE", 1, 1.5, 1));
    tally.add(new Element(PLACE, "output[0]", 1, 5, Double.POSITIVE_INFINITY));
    assertEquals(1, tally.elements());
    assertEquals(1, tally.within());
    assertEquals(1, tally.unbounded());
    assertEquals(1, tally.unexplained());
    assertEquals(0.5, tally.share());
  }

  /** What differs from a number says more than what differs from none, whichever comes first. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWrongNumberIsNamedBeforeOneOfWhichNothingIsExpected(boolean last) {
    Element none = new Element(PLACE, "output[0]", 1, Double.NaN, Double.NaN);
    Tally tally = new Tally();
    tally.add(last ? none : new Element(PLACE, "output[1]", 1, 4, 1));
    tally.add(last ? new Element(PLACE, "output[1]", 1, 4, 1) : none);
    tally.add(new Element(PLACE, "output[2]", 1, 3, 1));
    tally.add(new Element(PLACE, "output[3]", 1, 6, 1));
    assertEquals(6, tally.worst().orElseThrow().expected());
    assertEquals(5, tally.share());
    assertEquals(4, tally.wrong());
    assertEquals(1, tally.unexpected());
    Tally alone = new Tally();
    alone.add(new Element(PLACE, "output[2]", 1, 1.5, 1));
    alone.add(none);
    alone.add(new Element(PLACE, "output[2]", 1, 1.5, 1));
    assertTrue(Double.isNaN(alone.worst().orElseThrow().expected()));
  }

  private static StepVerdict verdict(double value, double got, KernelRoundings kernel) {
    double[] values = new double[TOKENS];
    Arrays.fill(values, value);
    return OneRow.verdict(kernel, values, got);
  }
}
