package dev.helix.laws.routing;

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
 * Every law of routing as a jqwik property: a test class implements {@link #router()} and inherits
 * them. What a case asks for can be limited by {@link RoutingUnderTest#scorings()} and {@link
 * RoutingUnderTest#groupScores()}.
 *
 * <p>Half of the cases are one of {@link RoutingHardCase}. The seed is fixed; the system property
 * {@code helix.laws.seed} sets another.
 */
public interface RoutingLaws {
  /** The router under test. */
  RoutingUnderTest router();

  /** Holds the implementation against {@link Law#ROUTING_CHOICE}. */
  @Property(seed = "2640", shrinking = ShrinkingMode.FULL)
  default void theBestExpertsOfTheBestGroupsAreChosen(@ForAll("routingCases") RoutingCase given) {
    LawSuite.check(Law.ROUTING_CHOICE, router().laws(), given);
  }

  /** Holds the implementation against {@link Law#ROUTING_WEIGHTS}. */
  @Property(seed = "2641", shrinking = ShrinkingMode.FULL)
  default void weightsAreScoresWithoutBias(@ForAll("routingCases") RoutingCase given) {
    LawSuite.check(Law.ROUTING_WEIGHTS, router().laws(), given);
  }

  /** Holds the implementation against {@link Law#ROUTING_TOKENS}. */
  @Property(seed = "2642", shrinking = ShrinkingMode.FULL)
  default void eachTokenIsRoutedByItself(@ForAll("routingCases") RoutingCase given) {
    LawSuite.check(Law.ROUTING_TOKENS, router().laws(), given);
  }

  /** Holds the implementation against {@link Law#ROUTING_NAN_IS_REPORTED}. */
  @Property(seed = "2643", shrinking = ShrinkingMode.FULL)
  default void nanInALogitIsReported(@ForAll("routingCases") RoutingCase given) {
    LawSuite.check(Law.ROUTING_NAN_IS_REPORTED, router().laws(), given);
  }

  /** Each hard case that the router can be given, under every law. */
  @Example
  default void everyHardCaseOfRoutingKeepsEveryLaw() {
    for (Law law : Law.at(Seam.ROUTING)) {
      LawOutcome outcome = LawSuite.run(law, router(), Long.getLong("helix.laws.seed", 0), 0);
      if (outcome.broken().isPresent()) {
        throw outcome.broken().get();
      }
    }
  }

  /** Random cases and hard ones, half and half. */
  @Provide
  default Arbitrary<RoutingCase> routingCases() {
    return RoutingDrawing.cases(router()).arbitrary(RoutingCase::simpler, RoutingCase::size);
  }
}
