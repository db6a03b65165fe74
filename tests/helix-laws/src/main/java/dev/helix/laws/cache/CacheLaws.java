package dev.helix.laws.cache;

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
 * Every law of a sharded cache as a jqwik property: a test class implements {@link #cache()} and
 * inherits them.
 *
 * <p>Half of the cases are one of {@link CacheHardCase}. The seed is fixed; the system property
 * {@code helix.laws.seed} sets another.
 */
public interface CacheLaws {
  /** The cache under test. */
  CacheUnderTest cache();

  /** Holds the implementation against {@link Law#CACHE_TOKENS}. */
  @Property(seed = "2660", shrinking = ShrinkingMode.FULL)
  default void aTokenSeesThoseOfItsRequestUpToItself(@ForAll("cacheCases") CacheCase given) {
    LawSuite.check(Law.CACHE_TOKENS, cache().laws(), given);
  }

  /** Holds the implementation against {@link Law#CACHE_PADDING}. */
  @Property(seed = "2661", shrinking = ShrinkingMode.FULL)
  default void rowsOfPaddingWriteNothing(@ForAll("cacheCases") CacheCase given) {
    LawSuite.check(Law.CACHE_PADDING, cache().laws(), given);
  }

  /** Holds the implementation against {@link Law#CACHE_DRAFTS}. */
  @Property(seed = "2662", shrinking = ShrinkingMode.FULL)
  default void rejectedDraftsLeaveNoTrace(@ForAll("cacheCases") CacheCase given) {
    LawSuite.check(Law.CACHE_DRAFTS, cache().laws(), given);
  }

  /** Holds the implementation against {@link Law#CACHE_REUSED}. */
  @Property(seed = "2663", shrinking = ShrinkingMode.FULL)
  default void aNumberThatComesAgainSeesNothingOfTheFormer(@ForAll("cacheCases") CacheCase given) {
    LawSuite.check(Law.CACHE_REUSED, cache().laws(), given);
  }

  /** Holds the implementation against {@link Law#CACHE_STEPS}. */
  @Property(seed = "2664", shrinking = ShrinkingMode.FULL)
  default void aStepOfManyTokensIsAsManySteps(@ForAll("cacheCases") CacheCase given) {
    LawSuite.check(Law.CACHE_STEPS, cache().laws(), given);
  }

  /** Each hard case under every law. */
  @Example
  default void everyHardCaseOfTheCacheKeepsEveryLaw() {
    for (Law law : Law.at(Seam.CACHE)) {
      LawOutcome outcome = LawSuite.run(law, cache(), Long.getLong("helix.laws.seed", 0), 0);
      if (outcome.broken().isPresent()) {
        throw outcome.broken().get();
      }
    }
  }

  /** Random cases and hard ones, half and half. */
  @Provide
  default Arbitrary<CacheCase> cacheCases() {
    return CacheDrawing.CASES.arbitrary(CacheCase::simpler, CacheCase::size);
  }
}
