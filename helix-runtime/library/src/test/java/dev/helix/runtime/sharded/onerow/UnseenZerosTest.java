package dev.helix.runtime.sharded.onerow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.convention.KernelRoundings;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.tally.Tally;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.tensor.DType;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Values that cancel leave an output that is smaller than its bound. */
class UnseenZerosTest {
  private static final KernelRoundings SHORT =
      new KernelRoundings(DType.F16, DType.F16, DType.F16, 1, KernelRoundings.ANY_ORDER);

  private static final int TOKENS = 40;

  /** o = 0.05, and zeros hold. */
  @Test
  void zerosAreNotSeenWhereValuesCancel() {
    for (StageVerdict stage : verdict(21, 0).stages()) {
      assertEquals(0, stage.tally().wrong());
      assertEquals(1, stage.tally().hiddenRows());
    }
  }

  /** o = 1, and zeros are wrong. */
  @Test
  void zerosAreSeenWhereTheyDoNot() {
    for (StageVerdict stage : verdict(TOKENS, 0).stages()) {
      assertEquals(1, stage.tally().wrong());
      assertEquals(0, stage.tally().hiddenRows());
    }
  }

  /** Zeros that are right hide nothing. */
  @Test
  void zerosThatAreRightHideNothing() {
    Tally tally = verdict(TOKENS / 2, 0).stage(Stage.WHOLE).tally();
    assertEquals(0, tally.share());
    assertEquals(0, tally.hiddenRows());
  }

  /** The first component would show, whatever the last one hides. */
  @Test
  void anOutputIsHiddenOnlyIfAllOfItsComponentsAre() {
    Tally tally = new Tally();
    double[] expected = {1, 0.05};
    double[] bound = {0.1, 0.1};
    tally.addAll(new Place(0, 0, 0), component -> "output " + component, expected, expected, bound);
    assertEquals(0, tally.hiddenRows());
    double[] small = {0.05, 0.05};
    tally.addAll(new Place(0, 0, 1), component -> "output " + component, small, small, bound);
    assertEquals(1, tally.hiddenRows());
  }

  /** Scores of 0, and values of which so many are 1 and the others −1. */
  private static StepVerdict verdict(int positive, double got) {
    double[] values = new double[TOKENS];
    Arrays.setAll(values, j -> j < positive ? 1 : -1);
    return OneRow.verdict(SHORT, values, got);
  }
}
