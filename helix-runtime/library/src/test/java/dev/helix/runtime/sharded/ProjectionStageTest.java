package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.sharded.DrawnStep.Kind;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The output projection of latent attention: merged outputs over latents become values, these are
 * multiplied by columns, and ranks are summed.
 */
class ProjectionStageTest {
  private static final int KVP = 2;
  private static final int OWN = 4;
  private static final int LATENT = 16;
  private static final int VALUES = 6;
  private static final int HIDDEN = 400;
  private static final DrawnStep DRAWN =
      new DrawnStep(3, Kind.plain().of(new StepShape(8, 1, 24, LATENT, KVP)), 40, 30).latent();

  @Test
  void aRightProjectionOfValuesHolds() {
    StageVerdict verdict = judged(dumped(-1));
    assertTrue(verdict.isChecked());
    assertFalse(verdict.isWrong(), () -> verdict.tally().worst().toString());
    assertTrue(verdict.tally().share() > 0.01, () -> "" + verdict.tally().share());
  }

  @Test
  void aRankThatIsNotInTheSumIsNamed() {
    StageVerdict verdict = judged(dumped(1));
    assertTrue(verdict.isWrong());
    assertEquals(
        List.of("rank 1 left out of the sum"),
        verdict.explanations().get(0).best().stream().map(Explanation.Fit::fault).toList());
  }

  /** Without the value up-projection nothing is known of the columns' inputs. */
  @Test
  void columnsThatDoNotFitMergedOutputsAreNotJudged() {
    ShardedStep step =
        dumped(-1)
            .changed(
                rank -> {
                  Map<StepTensor, double[]> left = new EnumMap<>(rank.tensors());
                  left.remove(StepTensor.VALUE_UP);
                  return new RankStep(rank.rank(), left, rank.cache());
                });
    StageVerdict verdict = judged(step);
    assertEquals(
        "weights that fit merged outputs: those of the output projection have 24 columns, and"
            + " merged outputs 64 numbers",
        verdict.lacking().orElseThrow());
  }

  private static ShardedStep dumped(int without) {
    ShardedStep step = DRAWN.dumped(new GpuKernel(), new GpuMerge());
    Random random = new Random(8);
    double[][] ups = new double[KVP][OWN * VALUES * LATENT];
    double[][] columns = new double[KVP][HIDDEN * OWN * VALUES];
    for (int rank = 0; rank < KVP; rank++) {
      Arrays.setAll(ups[rank], i -> DType.BF16.round(random.nextGaussian()));
      Arrays.setAll(columns[rank], i -> DType.BF16.round(random.nextGaussian()));
    }
    float[] sums = new float[2 * HIDDEN];
    for (int rank = 0; rank < KVP; rank++) {
      if (rank != without) {
        double[] merged = step.ranks().get(rank).get(StepTensor.MERGED_OUTPUT);
        for (int token = 0; token < 2; token++) {
          add(values(merged, token, ups[rank]), columns[rank], token, sums);
        }
      }
    }
    double[] projected = new double[sums.length];
    Arrays.setAll(projected, i -> DType.BF16.round(sums[i]));
    return step.changed(
        rank ->
            rank.with(StepTensor.VALUE_UP, ups[rank.rank()])
                .with(StepTensor.PROJECTION_WEIGHT, columns[rank.rank()])
                .with(StepTensor.PROJECTED, projected));
  }

  /** A token's values, in FP32 and rounded to BF16. */
  private static double[] values(double[] merged, int token, double[] up) {
    double[] values = new double[OWN * VALUES];
    for (int i = 0; i < values.length; i++) {
      float sum = 0;
      for (int c = 0; c < LATENT; c++) {
        sum += (float) up[i * LATENT + c] * (float) merged[(token * OWN + i / VALUES) * LATENT + c];
      }
      values[i] = DType.BF16.round(sum);
    }
    return values;
  }

  private static void add(double[] values, double[] columns, int token, float[] sums) {
    for (int out = 0; out < HIDDEN; out++) {
      float sum = 0;
      for (int i = 0; i < values.length; i++) {
        sum += (float) columns[out * values.length + i] * (float) values[i];
      }
      sums[token * HIDDEN + out] += (float) DType.BF16.round(sum);
    }
  }

  private static StageVerdict judged(ShardedStep step) {
    return StepVerdict.of(step, EnumSet.of(Stage.PROJECTION), Map.of(), read -> {})
        .stage(Stage.PROJECTION);
  }
}
