package dev.helix.runtime.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.ExpertRange;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.RouterRule.GroupScore;
import dev.helix.ffn.RouterRule.Scoring;
import dev.helix.ffn.Routing;
import dev.helix.tensor.InvalidInputException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LoadModelTest {
  private static final RouterRule R1 =
      new RouterRule(Scoring.SIGMOID, 256, 8, 8, 4, GroupScore.BEST_TWO, true, 2.5);

  private static int over(int ep) {
    return R1.experts() / ep;
  }

  @Property(tries = 200, seed = "7312")
  void theUniformExpectationIsItsFormula(
      @ForAll @IntRange(min = 1, max = 512) int tokens, @ForAll @IntRange(max = 6) int power) {
    int ep = 1 << power;
    Dispatch load = new LoadModel.UniformExpectation().load(5, R1, over(ep), tokens);
    BigDecimal missed =
        BigDecimal.valueOf(248)
            .divide(BigDecimal.valueOf(256), MathContext.DECIMAL128)
            .pow(tokens, MathContext.DECIMAL128);
    double active = 256.0 / ep * BigDecimal.ONE.subtract(missed).doubleValue();
    assertEquals(active, load.activeExperts(), 1e-12 * active);
    assertEquals((int) Math.ceil(tokens * 8.0 / ep), load.size());
    assertEquals(load.size(), load.counts().stream().mapToInt(Integer::intValue).sum());
    assertTrue(load.rows().stream().allMatch(row -> row < tokens));
  }

  @Example
  void sampledTokensGoToTheBusiestOfTheGroups() {
    LoadModel sampled = new LoadModel.SampledBusiestRank(11);
    int tokens = 64;
    // All experts in one group: nothing is busier than anything, and every token has its 8.
    assertEquals(tokens * 8, sampled.load(0, R1, over(1), tokens).size());
    double busiest = sampled.load(0, R1, over(64), tokens).activeExperts();
    double mean = new LoadModel.UniformExpectation().load(0, R1, over(64), tokens).activeExperts();
    assertTrue(busiest >= mean, busiest + " of 4 against " + mean);
    assertEquals(sampled.load(3, R1, over(64), 8), sampled.load(3, R1, over(64), 8));
    HashSet<Dispatch> draws = new HashSet<>();
    for (int layer = 0; layer < 8; layer++) {
      draws.add(sampled.load(layer, R1, over(64), 8));
    }
    assertTrue(draws.size() > 1, "every layer drew the same");
    assertNotEquals(
        sampled.load(0, R1, over(64), 8),
        new LoadModel.SampledBusiestRank(12).load(0, R1, over(64), 8));
  }

  /** Three groups of two experts: one active, two active with two rows, two active with three. */
  @Example
  void theBusiestGroupHasTheMostActiveExpertsAndOfSeveralTheMostRows() {
    RouterRule rule = RouterRule.plain(6, 1, true);
    Routing routing =
        new Routing(
            Stream.of(0, 0, 0, 0, 2, 3, 4, 5, 5)
                .map(expert -> new Routing.Choice(List.of(expert), List.of(1.0)))
                .toList());
    assertEquals(
        Dispatch.of(routing, new ExpertRange(4, 2)), SampledLoad.busiest(rule, 2, routing));
  }

  /** With no groups and equal popularity each of the experts is chosen about k/E of the time. */
  @Example
  void allExpertsAreEquallyLikelyWithoutAnExponent() {
    RouterRule plain = RouterRule.plain(16, 2, true);
    int one = plain.experts();
    int tokens = 4000;
    Dispatch load = new LoadModel.PowerLaw(0, 7).load(0, plain, one, tokens);
    // 500 expected of each; 5 standard deviations of a binomial draw are 5·√(4000·⅛·⅞) ≈ 105.
    load.counts().forEach(count -> assertEquals(500, count, 105));
    Dispatch skewed = new LoadModel.PowerLaw(1, 7).load(0, plain, one, tokens);
    int most = skewed.counts().stream().mapToInt(Integer::intValue).max().orElseThrow();
    // The first choice alone gives the most popular 1/H₁₆ = 0.296 of the tokens.
    assertTrue(most > 0.296 * tokens - 5 * Math.sqrt(tokens * 0.296 * 0.704), "most: " + most);
  }

  @Example
  void anExponentMustBeANumber() {
    assertThrows(InvalidInputException.class, () -> new LoadModel.PowerLaw(-1, 0));
    assertThrows(InvalidInputException.class, () -> new LoadModel.PowerLaw(Double.NaN, 0));
  }
}
