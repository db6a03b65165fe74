package dev.helix.tests.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Precision;
import dev.helix.laws.Seam;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.merge.Convention;
import dev.helix.laws.museum.Exhibit;
import dev.helix.laws.museum.Museum;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No exhibit gets past the laws. */
class MuseumTest {
  static Stream<Exhibit> exhibits() {
    return Museum.exhibits().stream();
  }

  @ParameterizedTest
  @MethodSource("exhibits")
  void everyFaultIsKilledByTheLawsThatItNames(Exhibit exhibit) {
    List<Law> killers = exhibit.killers();
    assertFalse(killers.isEmpty(), () -> exhibit.name() + ": its story names no law");
    for (Law law : killers) {
      LawOutcome outcome = LawSuite.run(law, exhibit.at(law), 1, 60);
      assertFalse(outcome.holds(), () -> exhibit.name() + " keeps the law " + law);
      assertFalse(
          outcome.refused(),
          () -> exhibit.name() + " is found by an error: " + outcome.violation().orElseThrow());
    }
  }

  /** Not by the luck of one seed; without looking for the simplest case again. */
  @ParameterizedTest
  @MethodSource("exhibits")
  void everyFaultIsKilledOnOtherSeedsToo(Exhibit exhibit) {
    for (Law law : exhibit.killers()) {
      for (long seed = 2; seed <= 3; seed++) {
        boolean holds = LawSuite.verdict(law, exhibit.at(law), seed, 60).holds();
        assertFalse(holds, exhibit.name() + " keeps the law " + law + " on seed " + seed);
      }
    }
  }

  /** A variant that threw would be killed by any test, and show nothing. */
  @Test
  void anAttentionThatThrowsIsRefusedAndNotWrong() {
    AttentionUnderTest throwing =
        AttentionUnderTest.of(
            Convention.of(Precision.FP64),
            shard -> {
              throw new IllegalStateException("no kernel");
            });
    assertTrue(LawSuite.run(Law.ATTENTION_DEFINITION, throwing, 1, 1).refused());
  }

  @Test
  void onlyBitsOfRanksShowThatTheyAddInAnotherOrder() {
    Exhibit ownOrder =
        exhibits()
            .filter(e -> e.killers().contains(Law.DECODE_RANKS_AGREE))
            .findFirst()
            .orElseThrow();
    for (Law law : Law.at(Seam.DECODE)) {
      boolean holds = LawSuite.run(law, ownOrder.at(law), 1, 30).holds();
      assertEquals(law != Law.DECODE_RANKS_AGREE, holds, law::label);
    }
  }

  @Test
  void exhibitsHaveNamesOfTheirOwnAndReferences() {
    List<Exhibit> all = Museum.exhibits();
    assertEquals(all.size(), all.stream().map(Exhibit::name).distinct().count());
    for (Exhibit exhibit : all) {
      assertTrue(exhibit.seenIn().matches("([\\w.-]+/[\\w.-]+#\\d+(, )?)+"), exhibit::seenIn);
    }
  }

  @Test
  void whatTheExhibitsAreVariantsOfKeepsEveryLaw() {
    Museum.originals()
        .forEach(
            (name, original) -> {
              for (Law law : Law.at(original.seam())) {
                int cases = law.seam() == Seam.DECODE ? 40 : 60;
                LawOutcome outcome = LawSuite.run(law, original, 1, cases);
                assertTrue(outcome.holds(), () -> name + ": " + outcome.violation());
              }
            });
  }

  /**
   * The rows of the table of faults, some of which have two ways to go wrong, and three of the
   * exchanges.
   */
  @Test
  void everyDocumentedFaultIsShown() {
    assertEquals(31, Museum.exhibits().size());
  }
}
