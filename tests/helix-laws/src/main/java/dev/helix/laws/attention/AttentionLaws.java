package dev.helix.laws.attention;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Every law of partial attention as a jqwik property, beside the laws of the merge: a test class
 * implements {@link #attention()} and inherits them. What a case asks for can be limited by {@link
 * AttentionUnderTest#features()}.
 *
 * <p>Half of the cases are one of {@link AttentionHardCase}. The seed is fixed, so that a run is
 * like the last; the system property {@code helix.laws.seed} sets another. Tries are jqwik's own,
 * {@code jqwik.tries.default}.
 */
public interface AttentionLaws {
  /** The partial attention under test. */
  AttentionUnderTest attention();

  /** Holds the implementation against {@link Law#ATTENTION_DEFINITION}. */
  @Property(seed = "2600", shrinking = ShrinkingMode.FULL)
  default void partialAttentionIsSoftmaxOverWhatTheShardHolds(
      @ForAll("attentionCases") AttentionCase given) {
    LawSuite.check(Law.ATTENTION_DEFINITION, attention().laws(), given);
  }

  /** Holds the implementation against {@link Law#ATTENTION_EMPTY}. */
  @Property(seed = "2601", shrinking = ShrinkingMode.FULL)
  default void aShardWithoutVisibleTokensIsEmpty(@ForAll("attentionCases") AttentionCase given) {
    LawSuite.check(Law.ATTENTION_EMPTY, attention().laws(), given);
  }

  /** Holds the implementation against {@link Law#ATTENTION_PADDING}. */
  @Property(seed = "2602", shrinking = ShrinkingMode.FULL)
  default void whatSlotsWithoutTokensHoldHasNoEffect(
      @ForAll("attentionCases") AttentionCase given) {
    LawSuite.check(Law.ATTENTION_PADDING, attention().laws(), given);
  }

  /** Holds the implementation against {@link Law#ATTENTION_PARTITION}. */
  @Property(seed = "2603", shrinking = ShrinkingMode.FULL)
  default void theShardsMergeToTheAttentionOfAllTokens(
      @ForAll("attentionCases") AttentionCase given) {
    LawSuite.check(Law.ATTENTION_PARTITION, attention().laws(), given);
  }

  /** Holds the implementation against {@link Law#ATTENTION_CONSTANT_VALUES}. */
  @Property(seed = "2604", shrinking = ShrinkingMode.FULL)
  default void constantValuesComeBackFromAttention(@ForAll("attentionCases") AttentionCase given) {
    LawSuite.check(Law.ATTENTION_CONSTANT_VALUES, attention().laws(), given);
  }

  /** Holds the implementation against {@link Law#ATTENTION_BATCH}. */
  @Property(seed = "2609", shrinking = ShrinkingMode.FULL)
  default void requestsOfOneLaunchGetWhatEachGetsByItself(
      @ForAll("attentionCases") AttentionCase given) {
    LawSuite.check(Law.ATTENTION_BATCH, attention().laws(), given);
  }

  /** Holds the implementation against {@link Law#ATTENTION_POSITIONS}. */
  @Property(seed = "2610", shrinking = ShrinkingMode.FULL)
  default void whereARequestBeginsHasNoEffect(@ForAll("attentionCases") AttentionCase given) {
    LawSuite.check(Law.ATTENTION_POSITIONS, attention().laws(), given);
  }

  /** Holds the implementation against {@link Law#ATTENTION_NAN_IS_REPORTED}. */
  @Property(seed = "2605", shrinking = ShrinkingMode.FULL)
  default void nanInATokenIsReportedToThoseWhoSeeIt(@ForAll("attentionCases") AttentionCase given) {
    LawSuite.check(Law.ATTENTION_NAN_IS_REPORTED, attention().laws(), given);
  }

  /**
   * Each hard case that the features allow, under every law; needles under {@link
   * Law#ATTENTION_NEEDLE}.
   */
  @Example
  default void everyHardCaseKeepsEveryLaw() {
    for (Law law : Law.at(Seam.ATTENTION)) {
      LawOutcome outcome = LawSuite.run(law, attention(), Long.getLong("helix.laws.seed", 0), 0);
      if (outcome.broken().isPresent()) {
        throw outcome.broken().get();
      }
    }
  }

  /** Random cases and hard ones, half and half. */
  @Provide
  default Arbitrary<AttentionCase> attentionCases() {
    return AttentionCases.arbitrary(attention().convention().precision(), attention().features());
  }
}
