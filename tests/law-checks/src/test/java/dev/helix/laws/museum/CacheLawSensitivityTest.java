package dev.helix.laws.museum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.cache.CacheRow;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Each law of the cache can be broken, also by faults that are in no museum. The law of tokens
 * plays all that a case has, and sees them all; which other one sees a fault says where it is.
 */
class CacheLawSensitivityTest {
  /** Two requests then share a page: neither drafts nor ends alone show it. */
  @Test
  void pagesOfRejectedDraftsThatAnEndFreesAgainAreSeenByTheLawOfTokensAlone() {
    PlainCache faulty =
        new PlainCache() {
          @Override
          boolean freesAgain() {
            return true;
          }
        };
    assertEquals(EnumSet.of(Law.CACHE_TOKENS), killed(faulty));
  }

  /** A number that comes again begins with the length of the former request. */
  @Test
  void aFormerRequestsLengthIsSeenByTheLawOfReuse() {
    PlainCache faulty =
        new PlainCache() {
          @Override
          int lengthAtOpening(int former) {
            return former;
          }
        };
    assertEquals(EnumSet.of(Law.CACHE_TOKENS, Law.CACHE_REUSED), killed(faulty));
  }

  /** −1 modulo the pool, whoever is padding. */
  @Test
  void paddingThatGoesIntoTheFirstSlotIsSeenByTheLawOfPadding() {
    PlainCache faulty =
        new PlainCache() {
          @Override
          int[] slotsOfPadding() {
            return new int[] {0};
          }
        };
    assertEquals(EnumSet.of(Law.CACHE_TOKENS, Law.CACHE_PADDING), killed(faulty));
  }

  @Test
  void aRejectionThatTakesOneTokenTooManyIsSeenByTheLawOfDrafts() {
    PlainCache faulty =
        new PlainCache() {
          @Override
          int lengthAfterRejection(int length, int stay) {
            return Math.max(0, stay - 1);
          }
        };
    assertEquals(EnumSet.of(Law.CACHE_TOKENS, Law.CACHE_DRAFTS), killed(faulty));
  }

  /** Slots as if all requests brought as many tokens; one at a time they do. */
  @Test
  void slotsAsIfAllBroughtAsManyAreSeenByAllLawsButThatOfSingleSteps() {
    PlainCache faulty =
        new PlainCache() {
          @Override
          int numberInRequest(int row, int number, List<CacheRow> rows) {
            long requests =
                rows.stream().map(CacheRow::request).filter(r -> r >= 0).distinct().count();
            int tokens = (int) rows.stream().filter(r -> !r.isPadding()).count();
            return row % Math.max(1, tokens / (int) requests);
          }
        };
    Set<Law> expected = EnumSet.copyOf(Law.at(Seam.CACHE));
    expected.remove(Law.CACHE_STEPS);
    assertEquals(expected, killed(faulty));
  }

  /** Tables turned round: the first open request has the last one's. */
  @Test
  void tablesInAnotherOrderAreSeen() {
    PlainCache faulty =
        new PlainCache() {
          @Override
          int tableOf(int request, int numberInStep, List<Integer> open) {
            return open.get(open.size() - 1 - numberInStep);
          }
        };
    assertFalse(killed(faulty).isEmpty());
  }

  /** The laws that are broken, the same on three seeds and by values, not by errors. */
  private static Set<Law> killed(PlainCache faulty) {
    Set<Law> broken = EnumSet.noneOf(Law.class);
    for (Law law : Law.at(Seam.CACHE)) {
      boolean holds = LawSuite.verdict(law, faulty, 1, 60).holds();
      for (long seed = 2; seed <= 3; seed++) {
        assertEquals(holds, LawSuite.verdict(law, faulty, seed, 60).holds(), law::label);
      }
      if (!holds) {
        LawOutcome outcome = LawSuite.run(law, faulty, 1, 60);
        assertFalse(outcome.refused(), () -> outcome.violation().orElseThrow());
        broken.add(law);
      }
    }
    return broken;
  }
}
