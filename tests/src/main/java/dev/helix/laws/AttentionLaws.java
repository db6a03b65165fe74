package dev.helix.laws;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Every law of partial attention as a jqwik property, beside {@link MergeLaws}: a test class
 * implements {@link #attention()} and inherits them. What a case asks for can be limited by {@link
 * AttentionUnderTest#features()}.
 */
public interface AttentionLaws {
  /** The partial attention under test. */
  AttentionUnderTest attention();

  /** {@link Law#ATTENTION_DEFINITION}. */
  @Property(seed = "2600")
  default void partialAttentionIsSoftmaxOverWhatTheShardHolds(@ForAll long seed) {
    LawSuite.check(
        Law.ATTENTION_DEFINITION, attention(), seed ^ Long.getLong("helix.laws.seed", 0));
  }

  /** {@link Law#ATTENTION_EMPTY}. */
  @Property(seed = "2601")
  default void aShardWithoutVisibleTokensIsEmpty(@ForAll long seed) {
    LawSuite.check(Law.ATTENTION_EMPTY, attention(), seed ^ Long.getLong("helix.laws.seed", 0));
  }

  /** {@link Law#ATTENTION_PADDING}. */
  @Property(seed = "2602")
  default void whatSlotsWithoutTokensHoldHasNoEffect(@ForAll long seed) {
    LawSuite.check(Law.ATTENTION_PADDING, attention(), seed ^ Long.getLong("helix.laws.seed", 0));
  }

  /** {@link Law#ATTENTION_PARTITION}. */
  @Property(seed = "2603")
  default void theShardsMergeToTheAttentionOfAllTokens(@ForAll long seed) {
    LawSuite.check(Law.ATTENTION_PARTITION, attention(), seed ^ Long.getLong("helix.laws.seed", 0));
  }

  /** {@link Law#ATTENTION_CONSTANT_VALUES}. */
  @Property(seed = "2604")
  default void constantValuesComeBackFromAttention(@ForAll long seed) {
    LawSuite.check(
        Law.ATTENTION_CONSTANT_VALUES, attention(), seed ^ Long.getLong("helix.laws.seed", 0));
  }
}
