package dev.helix.tests.laws.merge;

import dev.helix.attention.convention.LogBase;
import dev.helix.laws.merge.AlgebraMerge;
import dev.helix.laws.merge.MergeLaws;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.cases.HardCase;
import dev.helix.laws.merge.cases.MergeCase;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** The generator of the law suite comes upon every documented hard case, and on others too. */
class HardCaseCoverageTest {
  private static final MergeLaws SUITE =
      new MergeLaws() {
        @Override
        public MergeUnderTest merge() {
          return AlgebraMerge.of(LogBase.E);
        }
      };

  @Property(tries = 1000, seed = "2507")
  void everyHardCaseIsHitInARunOfFixedSeed(@ForAll("cases") MergeCase given) {
    for (HardCase hard : HardCase.forAnyLaw()) {
      Statistics.label(hard.name()).collect(given.hard().contains(hard));
      Statistics.label(hard.name())
          .coverage(coverage -> coverage.check(true).count(hits -> hits >= 5));
    }
    boolean random = given.hard().isEmpty();
    Statistics.label("random").collect(random);
    Statistics.label("random").coverage(coverage -> coverage.check(true).percentage(p -> p > 30));
  }

  @Provide
  Arbitrary<MergeCase> cases() {
    return SUITE.mergeCases();
  }
}
