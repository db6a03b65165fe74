package dev.helix.laws.merge;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.merge.cases.HardCase;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.cases.MergeCases;
import dev.helix.laws.merge.cases.TileEdge;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Every law of the merge as a jqwik property, on every hard case. A test class implements {@link
 * #merge()} and inherits them:
 *
 * <pre>{@code
 * class MyMergeTest implements MergeLaws {
 *   @Override
 *   public MergeUnderTest merge() {
 *     return MergeUnderTest.of(Convention.of(Precision.FP32).base2(), MyMergeTest::merge);
 *   }
 * }
 * }</pre>
 *
 * <p>Half of the cases are one of {@link HardCase}, and every {@link TileEdge} is tried once. The
 * seed is fixed, so that a run is like the last; the system property {@code helix.laws.seed} sets
 * another. Tries are jqwik's own, {@code jqwik.tries.default}.
 */
public interface MergeLaws {
  /** The merge under test. */
  MergeUnderTest merge();

  /** Holds the implementation against {@link Law#ASSOCIATIVE}. */
  @Property(seed = "2507", shrinking = ShrinkingMode.FULL)
  default void mergingIsAssociative(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.ASSOCIATIVE, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#COMMUTATIVE}. */
  @Property(seed = "2508", shrinking = ShrinkingMode.FULL)
  default void mergingIsCommutative(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.COMMUTATIVE, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#EMPTY_IDENTITY}. */
  @Property(seed = "2509", shrinking = ShrinkingMode.FULL)
  default void theEmptyStateIsTheIdentity(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.EMPTY_IDENTITY, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#OWNERSHIP}. */
  @Property(seed = "2510", shrinking = ShrinkingMode.FULL)
  default void whatAShardWithoutTokensHoldsHasNoEffect(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.OWNERSHIP, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#FOLD_AND_TREE}. */
  @Property(seed = "2511", shrinking = ShrinkingMode.FULL)
  default void theMergeOfManyIsTheFoldAndAnyTree(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.FOLD_AND_TREE, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#PARTITION}. */
  @Property(seed = "2512", shrinking = ShrinkingMode.FULL)
  default void anyPartitionGivesTheUnshardedAttention(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.PARTITION, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#TOKEN_PERMUTATION}. */
  @Property(seed = "2513", shrinking = ShrinkingMode.FULL)
  default void anyPermutationOfTheTokensGivesTheSame(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.TOKEN_PERMUTATION, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#SHIFT}. */
  @Property(seed = "2514", shrinking = ShrinkingMode.FULL)
  default void aShiftOfAllScoresShiftsTheLseAlone(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.SHIFT, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#COPIES}. */
  @Property(seed = "2515", shrinking = ShrinkingMode.FULL)
  default void copiesAddTheLogarithmOfTheirNumber(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.COPIES, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#CONSTANT_VALUES}. */
  @Property(seed = "2516", shrinking = ShrinkingMode.FULL)
  default void constantValuesComeBack(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.CONSTANT_VALUES, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#LINEAR}. */
  @Property(seed = "2517", shrinking = ShrinkingMode.FULL)
  default void mergingIsLinearInTheValues(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.LINEAR, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#HULL}. */
  @Property(seed = "2518", shrinking = ShrinkingMode.FULL)
  default void theOutputLiesBetweenTheParts(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.HULL, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#WEIGHTS}. */
  @Property(seed = "2519", shrinking = ShrinkingMode.FULL)
  default void weightsAreNotNegativeAndSumToOne(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.WEIGHTS, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#LSE_RANGE}. */
  @Property(seed = "2520", shrinking = ShrinkingMode.FULL)
  default void theMergedLseIsBetweenTheGreatestAndItPlusLogN(
      @ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.LSE_RANGE, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#BASES}. */
  @Property(seed = "2521", shrinking = ShrinkingMode.FULL)
  default void theLseIsInTheDeclaredBase(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.BASES, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#MAX_SUM}. */
  @Property(seed = "2522", shrinking = ShrinkingMode.FULL)
  default void everyReferenceDescribesTheSameState(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.MAX_SUM, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#ONE_RANK}. */
  @Property(seed = "2523", shrinking = ShrinkingMode.FULL)
  default void oneRankIsTheIdentity(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.ONE_RANK, merge().laws(), given);
  }

  /** Holds the implementation against {@link Law#NAN_IS_REPORTED}. */
  @Property(seed = "2524", shrinking = ShrinkingMode.FULL)
  default void nanAmongValuesWithWeightIsNotLost(@ForAll("mergeCases") MergeCase given) {
    LawSuite.check(Law.NAN_IS_REPORTED, merge().laws(), given);
  }

  /** Each hard case, under every law. */
  @Property(seed = "2525", shrinking = ShrinkingMode.FULL)
  default void everyHardCaseKeepsEveryLaw(@ForAll("hardCases") MergeCase given) {
    for (Law law : Law.at(Seam.MERGE)) {
      if (law != Law.NEEDLE) {
        LawSuite.check(law, merge().laws(), given);
      }
    }
  }

  /** Tries each {@link TileEdge} under the laws that know a true value of every element. */
  @Example
  default void everyEdgeOfATileIsMergedRight() {
    List<MergeCase> edges = MergeCases.edges(Long.getLong("helix.laws.seed", 0));
    for (Law law : List.of(Law.PARTITION, Law.ONE_RANK)) {
      require(LawSuite.run(law, new MergeTrials(Subject.of(merge())), edges));
    }
  }

  /**
   * Holds the implementation against {@link Law#NEEDLE}: each needle, whose sizes leave nothing to
   * be drawn.
   */
  @Example
  default void aNeedleInAMillionTokensKeepsItsClosedForm() {
    List<MergeCase> needles = MergeCases.needles(Long.getLong("helix.laws.seed", 0));
    require(LawSuite.run(Law.NEEDLE, new MergeTrials(Subject.of(merge())), needles));
  }

  /** Holds the implementation against {@link Law#WEIGHTS} on the mean of many rows. */
  @Example
  default void noWeightIsOffOnTheMeanOfManyRows() {
    MergeCase rows = MergeCases.manyRows(Long.getLong("helix.laws.seed", 0));
    require(LawSuite.run(Law.WEIGHTS, new MergeTrials(Subject.of(merge())), List.of(rows)));
  }

  private static void require(LawOutcome outcome) {
    if (outcome.broken().isPresent()) {
      throw outcome.broken().get();
    }
  }

  /** Random cases and hard ones, half and half. */
  @Provide
  default Arbitrary<MergeCase> mergeCases() {
    return MergeCases.arbitrary();
  }

  /** Hard cases alone. */
  @Provide
  default Arbitrary<MergeCase> hardCases() {
    return MergeCases.hard();
  }
}
