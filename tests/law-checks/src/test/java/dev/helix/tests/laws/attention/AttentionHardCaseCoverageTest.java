package dev.helix.tests.laws.attention;

import dev.helix.attention.convention.Precision;
import dev.helix.laws.attention.AttentionCase;
import dev.helix.laws.attention.AttentionCases;
import dev.helix.laws.attention.AttentionFeature;
import dev.helix.laws.attention.AttentionHardCase;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/**
 * The generator of the laws of attention comes upon every documented hard case that an
 * implementation's features allow, and on others too.
 */
class AttentionHardCaseCoverageTest {
  private static final Set<AttentionFeature> ALL = EnumSet.allOf(AttentionFeature.class);
  private static final Set<AttentionFeature> LATENT =
      EnumSet.complementOf(
          EnumSet.of(AttentionFeature.SEPARATE_VALUES, AttentionFeature.QUANTISATION_SCALES));

  @Property(tries = 3000, seed = "2607")
  void everyHardCaseIsHitInARunOfFixedSeed(@ForAll("cases") AttentionCase given) {
    covers(given, EnumSet.noneOf(AttentionHardCase.class));
  }

  @Property(tries = 3000, seed = "2608")
  void everyHardCaseOfLatentsIsHitInARunOfFixedSeed(@ForAll("latentCases") AttentionCase given) {
    covers(
        given,
        EnumSet.of(
            AttentionHardCase.VALUES_WIDER_THAN_KEYS,
            AttentionHardCase.UNEQUAL_SCALES,
            AttentionHardCase.ROTATED));
  }

  private static void covers(AttentionCase given, Set<AttentionHardCase> impossible) {
    for (AttentionHardCase hard : AttentionHardCase.forAnyLaw()) {
      boolean possible = !impossible.contains(hard);
      Statistics.label(hard.name()).collect(given.hard().contains(hard));
      Statistics.label(hard.name())
          .coverage(
              coverage -> coverage.check(true).count(hits -> possible ? hits >= 4 : hits == 0));
    }
    Statistics.label("random").collect(given.hard().isEmpty());
    Statistics.label("random").coverage(coverage -> coverage.check(true).percentage(p -> p > 30));
  }

  @Provide
  Arbitrary<AttentionCase> cases() {
    return AttentionCases.arbitrary(Precision.FP64, ALL);
  }

  @Provide
  Arbitrary<AttentionCase> latentCases() {
    return AttentionCases.arbitrary(Precision.FP64, LATENT);
  }
}
