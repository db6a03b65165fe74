package dev.helix.laws.head;

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
 * Every law of the head as a jqwik property: a test class implements {@link #head()} and inherits
 * them.
 *
 * <p>Half of the cases are one of {@link HeadHardCase}. The seed is fixed; the system property
 * {@code helix.laws.seed} sets another.
 */
public interface HeadLaws {
  /** The head under test. */
  HeadUnderTest head();

  /**
   * Holds the implementation against {@link Law#HEAD_LOGITS}; skipped where only chosen words are
   * returned.
   */
  @Property(seed = "2680", shrinking = ShrinkingMode.FULL)
  default void gatheredLogitsAreUnshardedOnes(@ForAll("headCases") HeadCase given) {
    check(Law.HEAD_LOGITS, given);
  }

  /** Holds the implementation against {@link Law#HEAD_CHOICE}. */
  @Property(seed = "2681", shrinking = ShrinkingMode.FULL)
  default void theChosenWordIsTheLowestOfTheGreatest(@ForAll("headCases") HeadCase given) {
    check(Law.HEAD_CHOICE, given);
  }

  /** Holds the implementation against {@link Law#HEAD_ROWS}. */
  @Property(seed = "2682", shrinking = ShrinkingMode.FULL)
  default void eachRowIsDecodedByItself(@ForAll("headCases") HeadCase given) {
    check(Law.HEAD_ROWS, given);
  }

  /**
   * Holds the implementation against {@link Law#HEAD_NAN_IS_REPORTED}; skipped where only chosen
   * words are returned.
   */
  @Property(seed = "2683", shrinking = ShrinkingMode.FULL)
  default void nanInAStateIsReported(@ForAll("headCases") HeadCase given) {
    check(Law.HEAD_NAN_IS_REPORTED, given);
  }

  /** Each hard case under every law. */
  @Example
  default void everyHardCaseOfTheHeadKeepsEveryLaw() {
    for (Law law : Law.at(Seam.HEAD)) {
      LawOutcome outcome = LawSuite.run(law, head(), Long.getLong("helix.laws.seed", 0), 0);
      if (outcome.broken().isPresent()) {
        throw outcome.broken().get();
      }
    }
  }

  private void check(Law law, HeadCase given) {
    if (head().laws().applies(law)) {
      LawSuite.check(law, head().laws(), given);
    }
  }

  /** Random cases and hard ones, half and half. */
  @Provide
  default Arbitrary<HeadCase> headCases() {
    return HeadDrawing.CASES.arbitrary(HeadCase::simpler, HeadCase::size);
  }
}
