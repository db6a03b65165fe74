package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.runtime.sharded.DrawnStep.Kind;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.tensor.DType;
import java.util.EnumSet;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Merged log-sum-exps are judged in the base in which the convention answers. */
class MergedLseTest {
  private static final int TOKENS = 3;
  private static final int HEADS = 8;

  static Stream<Arguments> conventions() {
    return NamedConventions.all().stream()
        .filter(convention -> convention.weights().returned())
        .map(convention -> Arguments.of(convention.origin().name(), convention));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("conventions")
  void rightOnesHoldAndWrongOnesAreConvicted(String name, Convention convention) {
    StageVerdict right = judged(convention, 0);
    assertFalse(right.isWrong(), () -> "" + right.tally().worst());
    assertEquals(TOKENS * HEADS * (16 + 1), right.tally().elements());
    assertEquals(TOKENS * HEADS, judged(convention, 1e-3).tally().wrong());
  }

  private static StageVerdict judged(Convention convention, double off) {
    DrawnStep drawn = new DrawnStep(2, Kind.plain(), convention, 70, 50, 133);
    ShardedStep step = drawn.dumped(new GpuKernel(), new GpuMerge());
    int own = HEADS / 4;
    ShardedStep withLses =
        step.changed(
            rank -> {
              double[] lses = new double[TOKENS * own];
              for (int row = 0; row < lses.length; row++) {
                int at = row / own * HEADS + rank.rank() * own + row % own;
                lses[row] = DType.F32.round(merged(step, at) + off);
              }
              return rank.with(StepTensor.MERGED_LSE, lses);
            });
    return StepVerdict.of(withLses, EnumSet.of(Stage.MERGE), Map.of(), read -> {})
        .stage(Stage.MERGE);
  }

  /** The log-sum-exp of a row over all ranks, in the base of answers. */
  private static double merged(ShardedStep step, int row) {
    Convention convention = step.facts().forms().convention();
    LogBase given = convention.base();
    double sum = 0;
    for (RankStep rank : step.ranks()) {
      sum += Math.exp(given.toNatural(rank.get(StepTensor.PARTIAL_LSE)[row]));
    }
    return convention.weights().answered().fromNatural(Math.log(sum));
  }
}
