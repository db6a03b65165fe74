package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.sharded.reference.Digits;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.reference.PartialReference;
import dev.helix.runtime.sharded.reference.RowStates;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.stages.UnseenLoss;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the report says that it could not have seen is what the verdict does not see. */
class UnseenLossTest {
  private static final int TOKENS = 24_000;

  private static final DrawnStep.Kind KIND =
      DrawnStep.Kind.plain().of(new StepShape(4, 1, 8, 8, 4));

  private final ShardedStep step =
      new DrawnStep(3, KIND, TOKENS).dumped(new GpuKernel(), new GpuMerge());

  @Test
  void nothingOfAShortCacheCanBeMissing() {
    ShardedStep small = new DrawnStep(3, KIND, 40).dumped(new GpuKernel(), new GpuMerge());
    assertEquals(Optional.empty(), unseen(small));
  }

  @Test
  void oneTokenMoreIsSeenWhateverTheKernelRoundsAndAThirdIsNot() {
    UnseenLoss loss = unseen(step).orElseThrow();
    assertEquals(TOKENS / 4, loss.of());
    assertTrue(loss.tokens() > 3, loss::toString);
    assertTrue(isWrong(loss, loss.tokens() + 1, 1));
    assertFalse(isWrong(loss, loss.tokens() / 3, 0));
  }

  private static Optional<UnseenLoss> unseen(ShardedStep step) {
    return UnseenLoss.of(new RightStates(step, Digits.DOUBLE, read -> {}));
  }

  /**
   * Whether a rank is convicted that left out so many tokens of mean weight.
   *
   * @param rounding how much of its bound the kernel rounds towards what hides the loss
   */
  private boolean isWrong(UnseenLoss loss, long missing, double rounding) {
    PartialReference reference = new PartialReference(step.facts(), read -> {});
    double shift = Math.log1p(-(double) missing / loss.of());
    ShardedStep shortened =
        step.changed(
            rank -> {
              RowStates right = reference.of(rank, LocalReading.of(step.facts()));
              double[] lses =
                  IntStream.range(0, right.rows())
                      .mapToDouble(row -> right.lse(row) + rounding * right.lseBound(row) + shift)
                      .toArray();
              return rank.rank() == loss.rank() ? rank.with(StepTensor.PARTIAL_LSE, lses) : rank;
            });
    return StepVerdict.of(shortened, EnumSet.of(Stage.PARTIAL), Map.of(), read -> {}).isWrong();
  }
}
