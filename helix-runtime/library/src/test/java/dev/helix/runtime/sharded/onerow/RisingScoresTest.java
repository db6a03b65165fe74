package dev.helix.runtime.sharded.onerow;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.helix.attention.convention.KernelRoundings;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scores that rise by δ from token to token, sⱼ = jδ. Their weights are a geometric series, so LSE
 * = (T − 1)δ + ln((1 − e^−Tδ)/(1 − e^−δ)), and if v is 1 in the first half and −1 in the second, o
 * = −tanh(Tδ/4).
 */
class RisingScoresTest {
  /** e^−δ is off by nearly half of its last place, so that each rescaling errs in one direction. */
  private static final double DELTA = 6.107875378802419e-05;

  /**
   * An FP64 kernel that promises so short sums rounds almost nothing, and is right all the same.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 16, 64, 256})
  void aRightKernelInDoublePrecisionIsNotConvicted(long longestSum) {
    assertHolds(16_384, longestSum);
  }

  /** Several stretches of the cache, each of which is rescaled once more. */
  @Test
  void norOverManyBlocks() {
    assertHolds(70_000, 1);
  }

  private static void assertHolds(int tokens, long longestSum) {
    double[] scores = new double[tokens];
    double[] values = new double[tokens];
    Arrays.setAll(scores, j -> j * DELTA);
    Arrays.setAll(values, j -> j < tokens / 2 ? 1 : -1);
    double lse = (tokens - 1) * DELTA + Math.log(Math.expm1(-tokens * DELTA) / Math.expm1(-DELTA));
    double output = -Math.tanh(tokens * DELTA / 4);
    KernelRoundings kernel = new KernelRoundings(DType.F64, DType.F64, DType.F64, 1, longestSum);
    ShardedStep step =
        OneRow.of(
            kernel,
            scores,
            values,
            Map.of(
                StepTensor.PARTIAL_LSE, new double[] {lse},
                StepTensor.PARTIAL_OUTPUT, new double[] {output}));
    StepVerdict verdict = StepVerdict.of(step, EnumSet.of(Stage.PARTIAL), Map.of(), read -> {});
    assertFalse(verdict.isWrong(), () -> "" + verdict.stage(Stage.PARTIAL).tally().worst());
  }
}
