package dev.helix.laws.placement;

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
 * Every law of placement as a jqwik property: a test class implements {@link #placement()} and
 * inherits them. Cases use the rules that the adapter names. An adapter that names {@link
 * PlacementKind#OWN} is only checked to agree with itself.
 *
 * <p>Half of the cases are one of {@link PlacementHardCase}. The seed is fixed; the system property
 * {@code helix.laws.seed} sets another.
 */
public interface PlacementLaws {
  /** The placement under test. */
  PlacementUnderTest placement();

  /** Holds the implementation against {@link Law#PLACEMENT_OWNERS}. */
  @Property(seed = "2620", shrinking = ShrinkingMode.FULL)
  default void eachTokenHasOneOwnerOnAllRanks(@ForAll("placementCases") PlacementCase given) {
    LawSuite.check(Law.PLACEMENT_OWNERS, placement().laws(), given);
  }

  /** Holds the implementation against {@link Law#PLACEMENT_LENGTHS}. */
  @Property(seed = "2621", shrinking = ShrinkingMode.FULL)
  default void localLengthsCountTheTokensThatShardsOwn(
      @ForAll("placementCases") PlacementCase given) {
    LawSuite.check(Law.PLACEMENT_LENGTHS, placement().laws(), given);
  }

  /** Holds the implementation against {@link Law#PLACEMENT_BIJECTION}. */
  @Property(seed = "2622", shrinking = ShrinkingMode.FULL)
  default void rankAndSlotAreATokensPlaceAndLeadBack(
      @ForAll("placementCases") PlacementCase given) {
    LawSuite.check(Law.PLACEMENT_BIJECTION, placement().laws(), given);
  }

  /** Holds the implementation against {@link Law#PLACEMENT_GROWTH}. */
  @Property(seed = "2623", shrinking = ShrinkingMode.FULL)
  default void aStepMovesNoTokenThatWasThere(@ForAll("placementCases") PlacementCase given) {
    LawSuite.check(Law.PLACEMENT_GROWTH, placement().laws(), given);
  }

  /** Holds the implementation against {@link Law#PLACEMENT_STEPS}. */
  @Property(seed = "2624", shrinking = ShrinkingMode.FULL)
  default void theSlotsOfAStepAreThoseOfEachRequestAlone(
      @ForAll("placementCases") PlacementCase given) {
    LawSuite.check(Law.PLACEMENT_STEPS, placement().laws(), given);
  }

  /** Each hard case that the rules allow, under every law. */
  @Example
  default void everyHardCaseOfPlacementKeepsEveryLaw() {
    for (Law law : Law.at(Seam.PLACEMENT)) {
      LawOutcome outcome = LawSuite.run(law, placement(), Long.getLong("helix.laws.seed", 0), 0);
      if (outcome.broken().isPresent()) {
        throw outcome.broken().get();
      }
    }
  }

  /** Random cases and hard ones, half and half. */
  @Provide
  default Arbitrary<PlacementCase> placementCases() {
    return PlacementDrawing.cases(placement().rules())
        .arbitrary(PlacementCase::simpler, PlacementCase::size);
  }
}
