package dev.helix.tests.laws.merge;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.LawViolation;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.cases.MergeCases;
import dev.helix.laws.merge.states.Partial;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the law of the needle sees by itself, on each of its lengths, shards and placements. */
class NeedleSensitivityTest {
  private static final double NONE = Double.NEGATIVE_INFINITY;

  @Test
  void aRightMergeKeepsTheClosedForm() {
    LawOutcome outcome = LawSuite.run(Law.NEEDLE, reading(lses -> {}), 1, 60);
    assertTrue(outcome.holds() && outcome.checked(), outcome::toString);
  }

  @Test
  void aShardLeftOutWithTheNeedleIsSeen() {
    assertEachNeedleSees(lses -> lses[greatest(lses)] = NONE);
  }

  @Test
  void onePercentOfTheWeightOfOneShardIsSeen() {
    assertEachNeedleSees(lses -> lses[lses.length / 2] += Math.log1p(0.01));
  }

  @Test
  void anEmptyShardTakenForALivingOneIsSeen() {
    assertEachNeedleSees(
        lses -> {
          double least = Arrays.stream(lses).filter(x -> x != NONE).min().orElse(0);
          for (int shard = 0; shard < lses.length; shard++) {
            lses[shard] = lses[shard] == NONE ? least : lses[shard];
          }
        });
  }

  /** Each needle is tried alone, so that none can hide behind another. */
  private static void assertEachNeedleSees(Consumer<double[]> damage) {
    for (MergeCase given : MergeCases.needles(1)) {
      assertThrows(
          LawViolation.class,
          () -> LawSuite.check(Law.NEEDLE, reading(damage).laws(), given),
          given::toString);
    }
  }

  private static int greatest(double[] lses) {
    return IntStream.range(0, lses.length)
        .boxed()
        .max(Comparator.comparingDouble(shard -> lses[shard]))
        .orElseThrow();
  }

  /** A right merge of damaged log-sum-exps; where there are no tokens, the outputs are zeros. */
  private static MergeUnderTest reading(Consumer<double[]> damage) {
    return MergeUnderTest.of(
        Convention.of(Precision.FP64),
        in -> {
          int rows = in.tokens() * in.heads();
          double[] lses = in.lses();
          double[] given = in.outputs();
          for (int i = 0; i < given.length; i++) {
            given[i] = lses[i / in.dim()] == NONE ? 0 : given[i];
          }
          damage.accept(lses);
          double[] outputs = new double[rows * in.dim()];
          double[] merged = OnlineMerge.merge(given, lses, in.shards(), rows, in.dim(), outputs);
          return new Partial(outputs, merged);
        });
  }
}
