package dev.helix.laws.attention;

import dev.helix.laws.Law;
import dev.helix.laws.LawSuite;
import dev.helix.laws.SeamLaws;
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
    check(Law.ATTENTION_DEFINITION, seed);
  }

  /** {@link Law#ATTENTION_EMPTY}. */
  @Property(seed = "2601")
  default void aShardWithoutVisibleTokensIsEmpty(@ForAll long seed) {
    check(Law.ATTENTION_EMPTY, seed);
  }

  /** {@link Law#ATTENTION_PADDING}. */
  @Property(seed = "2602")
  default void whatSlotsWithoutTokensHoldHasNoEffect(@ForAll long seed) {
    check(Law.ATTENTION_PADDING, seed);
  }

  /** {@link Law#ATTENTION_PARTITION}. */
  @Property(seed = "2603")
  default void theShardsMergeToTheAttentionOfAllTokens(@ForAll long seed) {
    check(Law.ATTENTION_PARTITION, seed);
  }

  /** {@link Law#ATTENTION_CONSTANT_VALUES}. */
  @Property(seed = "2604")
  default void constantValuesComeBackFromAttention(@ForAll long seed) {
    check(Law.ATTENTION_CONSTANT_VALUES, seed);
  }

  private void check(Law law, long seed) {
    SeamLaws<AttentionCase> laws = attention().laws();
    LawSuite.check(law, laws, laws.cases(seed ^ Long.getLong("helix.laws.seed", 0), 1).get(0));
  }
}
