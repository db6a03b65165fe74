package dev.helix.tests.laws.conventions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.MergeTrials;
import dev.helix.laws.merge.Subject;
import dev.helix.laws.merge.cases.HardCase;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.cases.MergeCases;
import dev.helix.laws.merge.states.Stack;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.reference.MergeReference;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bounds of protocols are not only kept, but used: a right merge comes near them, and a weight that
 * is 1% too large is found under each of them.
 */
class ProtocolTightnessTest {
  /** What an adversarial case has to use of a bound. */
  private static final double USED = 0.1;

  /** The conventions under which one row of two parts does not show 1% of a weight. */
  private static final Set<String> BY_MEAN_ALONE = Set.of("vllm-dcp-agrs", "sglang-mha");

  static List<PublishedMerge> merges() {
    return PublishedMerge.all();
  }

  @ParameterizedTest
  @MethodSource("merges")
  void anAdversarialCaseUsesATenthOfTheBoundOfAnOutput(PublishedMerge merge) {
    double share = share(merge, 0, false);
    assertTrue(share >= USED && share <= 1, merge.name() + ": " + share);
  }

  @ParameterizedTest
  @MethodSource("merges")
  void anAdversarialCaseUsesATenthOfTheBoundOfAnLse(PublishedMerge merge) {
    if (!merge.convention().weights().returned()) {
      return;
    }
    double share = share(merge, 4000, true);
    assertTrue(share >= USED && share <= 1, merge.name() + ": " + share);
  }

  @ParameterizedTest
  @MethodSource("merges")
  void onePercentOfAWeightIsSeenInTheMeanOfManyRows(PublishedMerge merge) {
    MergeCase rows = MergeCases.manyRows(1);
    assertTrue(mean(merge, Optional.empty(), rows).holds(), merge.name());
    for (RuleFault fault :
        EnumSet.of(RuleFault.ONE_PERCENT_OF_A_WEIGHT, RuleFault.ONE_PERCENT_OF_A_FACTOR)) {
      LawOutcome outcome = mean(merge, Optional.of(fault), rows);
      assertFalse(outcome.holds(), merge.name() + " " + fault);
      if (merge.name().equals("sglang-mha")) {
        String message = outcome.violation().orElseThrow();
        assertTrue(message.contains("of itself on the mean of 4096 rows"), message);
      }
    }
  }

  /** Parts of equal weight that cancel leave no cast in which the error could hide. */
  @ParameterizedTest
  @MethodSource("merges")
  void onePercentOfAWeightIsSeenInOneRowUnlessPartsAreScaledInBf16(PublishedMerge merge) {
    MergeCase cancelling =
        MergeCase.of(
            List.of(2, 1, 1, 1),
            new double[] {1, -1},
            new double[] {0.5, 0.5},
            EnumSet.noneOf(HardCase.class),
            3);
    LawOutcome outcome =
        LawSuite.verdict(
            Law.COMMUTATIVE,
            merge.with(Optional.of(RuleFault.ONE_PERCENT_OF_A_WEIGHT)).laws(),
            List.of(cancelling));
    assertEquals(BY_MEAN_ALONE.contains(merge.name()), outcome.holds(), merge.name());
  }

  private static LawOutcome mean(PublishedMerge merge, Optional<RuleFault> fault, MergeCase rows) {
    return LawSuite.verdict(
        Law.WEIGHTS, new MergeTrials(Subject.of(merge.with(fault))), List.of(rows));
  }

  /** The largest share of its bound that any of many rows uses, whose LSEs lie around an offset. */
  private static double share(PublishedMerge merge, double offset, boolean ofLse) {
    Convention convention = merge.convention();
    int parts = 2;
    int rows = 512;
    SplittableRandom random = new SplittableRandom(5);
    double[] outputs = random.doubles((long) parts * rows, 1, 2).toArray();
    double[] lses = random.doubles((long) parts * rows, offset - 1, offset + 1).toArray();
    Stack stack = Stack.of(convention, new int[] {parts, rows, 1, 1}, outputs, lses);
    Answer answer = Subject.of(merge.with(Optional.empty())).merge(stack).get();
    double most = 0;
    for (int row = 0; row < rows; row++) {
      MergeReference truth = stack.reference(row);
      double expected = ofLse ? truth.lseInBase() : FiftyDigits.doubleValue(truth.output(0));
      double got = ofLse ? answer.lse(row) : answer.output(row, 0);
      double bound = ofLse ? truth.lseBound(1) : truth.outputBound(0, 1);
      most = Math.max(most, Math.abs(got - expected) / bound);
    }
    return most;
  }
}
