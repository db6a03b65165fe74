package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.KernelRoundings;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.runtime.sharded.reference.Digits;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.reference.PartialReference;
import dev.helix.runtime.sharded.reference.RowStates;
import dev.helix.runtime.sharded.stages.RightStates;
import dev.helix.runtime.sharded.stages.UnseenLoss;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the report says that it could not have seen is what the verdict does not see. */
class UnseenLossTest {
  private static final int TOKENS = 24_000;

  private static final DrawnStep.Kind KIND =
      DrawnStep.Kind.plain().of(new StepShape(4, 1, 8, 8, 4));

  /** Tokens of the two ranks of {@link #unequal}. */
  private static final int[] KEPT = {20_000, 3_000};

  private static final Map<StepTensor, double[]> LSES =
      Map.of(
          StepTensor.PARTIAL_LSE,
          new double[] {3_000 + Math.log(KEPT[1]), 1_500 + Math.log(KEPT[1])});

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
    assertTrue(isWrong(step, loss, loss.tokens() + 1, 1));
    assertFalse(isWrong(step, loss, loss.tokens() / 3, 0));
  }

  /**
   * Rank 0 could leave out more tokens, but a smaller share of its own. Head 0 of rank 1 has the
   * larger scores, and with them twice the bound of head 1, which would convict.
   */
  @Test
  void theLargestShareOfARankCountsByTheHeadOfTheLeastBound() {
    ShardedStep unequal = unequal(LSES, KEPT);
    UnseenLoss loss = unseen(unequal).orElseThrow();
    assertEquals(1, loss.rank());
    assertEquals(KEPT[1], loss.of());
    assertTrue(isWrong(unequal, loss, loss.tokens() + 1, 1));
    assertFalse(isWrong(unequal, loss, loss.tokens() / 3, 0));
    UnseenLoss other = unseen(unequal(Map.of(), KEPT)).orElseThrow();
    assertTrue(other.tokens() > loss.tokens(), () -> other + ", " + loss);
  }

  @Test
  void aRankWithoutLsesOrWithTokensOfItsOwnCountIsPassedOver() {
    assertEquals(0, unseen(unequal(Map.of(), KEPT)).orElseThrow().rank());
    int[] one = {KEPT[0], KEPT[1] - 1};
    assertEquals(0, unseen(unequal(LSES, one)).orElseThrow().rank());
  }

  /**
   * A step whose rank 0 keeps 20,000 tokens of score 0, and whose rank 1 keeps 3,000 of scores that
   * are 3,000 for head 0 and 1,500 for head 1.
   *
   * @param lses what rank 1 dumped beside its query and lengths
   * @param said the local lengths that the ranks dumped
   */
  private static ShardedStep unequal(Map<StepTensor, double[]> lses, int[] said) {
    Convention convention = NamedConventions.FLASH_ATTENTION;
    StepFacts facts =
        new StepFacts(
            new StepShape(2, 1, 1, 1, KEPT.length),
            List.of(new QueryToken(0, KEPT[0] + KEPT[1] - 1)),
            new TokenOwners(
                KEPT.length,
                new int[] {KEPT[0] + KEPT[1]},
                (request, position) -> position < KEPT[0] ? 0 : 1),
            new ScoreRule(1, OptionalDouble.empty(), OptionalInt.empty(), List.of(), List.of()),
            new StepFacts.Forms(KernelRoundings.of(convention), convention, CacheScales.NONE));
    double[] ofZeros = {Math.log(KEPT[0]), Math.log(KEPT[0])};
    return new ShardedStep(
        facts,
        List.of(
            rank(0, said, Map.of(StepTensor.PARTIAL_LSE, ofZeros), 0), rank(1, said, lses, 3_000)));
  }

  private static RankStep rank(int rank, int[] said, Map<StepTensor, double[]> lses, double score) {
    double[] keys = new double[KEPT[rank]];
    Arrays.fill(keys, score);
    double[] values = new double[KEPT[rank]];
    RankCache cache =
        RankCache.dense(1, KEPT[rank], CacheVectors.of(keys, 1, 1), CacheVectors.of(values, 1, 1));
    return new RankStep(rank, lses, Optional.of(cache))
        .with(StepTensor.QUERY, new double[] {1, 0.5})
        .with(StepTensor.LOCAL_LENGTHS, new double[] {said[rank]});
  }

  private static Optional<UnseenLoss> unseen(ShardedStep step) {
    return UnseenLoss.of(new RightStates(step, Digits.DOUBLE, read -> {}));
  }

  /**
   * Whether a rank is convicted that left out so many tokens of mean weight.
   *
   * @param rounding how much of its bound the kernel rounds towards what hides the loss
   */
  private static boolean isWrong(ShardedStep step, UnseenLoss loss, long missing, double rounding) {
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
