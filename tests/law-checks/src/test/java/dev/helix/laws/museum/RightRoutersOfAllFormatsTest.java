package dev.helix.laws.museum;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.routing.RoutingRule;
import dev.helix.laws.routing.RoutingUnderTest;
import dev.helix.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No right router is convicted, however coarse its format is and whatever its exponential. */
class RightRoutersOfAllFormatsTest {
  private static final long SEEDS = Long.getLong("helix.museum.seeds", 1);

  /** Nothing can be better than double precision and weights that are rounded once. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "BF16", "F32"})
  void aRouterWhoseWeightsAreRoundedOnceKeepsEveryLaw(DType format) {
    keepsEveryLaw(
        new PlainRouting() {
          @Override
          public DType format() {
            return format;
          }

          @Override
          double scaled(RoutingRule rule, double weight) {
            return format.round(super.scaled(rule, weight));
          }
        });
  }

  /** Each result of a sum, a product, a quotient and an exponential is rounded to the format. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "BF16", "F32"})
  void aRouterThatRoundsAllThatItComputesKeepsEveryLaw(DType format) {
    keepsEveryLaw(new RoundingRouter(format, x -> format.round(Math.exp(x))));
  }

  /** 2^(x·log₂e), as GPUs compute it: the argument's rounding grows with it. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "BF16", "F32"})
  void aRouterWithPowersOfTwoKeepsEveryLaw(DType format) {
    double log2e = format.round(1 / Math.log(2));
    keepsEveryLaw(
        new RoundingRouter(format, x -> format.round(Math.pow(2, format.round(x * log2e)))));
  }

  private static void keepsEveryLaw(RoutingUnderTest router) {
    for (Law law : Law.at(Seam.ROUTING)) {
      for (long seed = 1; seed <= SEEDS; seed++) {
        LawOutcome outcome = LawSuite.verdict(law, router, seed, 80);
        assertTrue(outcome.holds(), () -> outcome.violation().orElseThrow());
      }
    }
  }
}
