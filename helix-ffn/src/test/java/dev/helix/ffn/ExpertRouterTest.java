package dev.helix.ffn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.ffn.RouterRule.GroupScore;
import dev.helix.ffn.RouterRule.Scoring;
import dev.helix.ffn.baseline.UnshardedMoe;
import dev.helix.ffn.baseline.UnshardedSwiGlu;
import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ExpertRouterTest {
  private static final RouterRule DEEPSEEK =
      new RouterRule(Scoring.SIGMOID, 8, 3, 4, 2, GroupScore.BEST_TWO, true, 2.5);

  @Example
  void ofEqualScoresTheLowestIndicesAreChosen() {
    Routing.Choice all = route(DEEPSEEK, new double[8], new double[8]);
    assertEquals(List.of(0, 1, 2), all.experts());
    Routing.Choice plain = route(RouterRule.plain(8, 3, true), new double[8], new double[8]);
    assertEquals(List.of(0, 1, 2), plain.experts());
    double[] lateTie = {0, 0, 0, 1, 0, 1, 0, 1};
    assertEquals(
        List.of(3, 5, 7), route(RouterRule.plain(8, 3, true), lateTie, new double[8]).experts());
  }

  @Example
  void ofEqualGroupsTheLowestAreKept() {
    double[] logits = {0, 0, 1, 1, 1, 1, 1, 1};
    assertEquals(List.of(2, 3, 4), route(DEEPSEEK, logits, new double[8]).experts());
  }

  @Example
  void aGroupIsKeptForItsBestTwoExpertsTogether() {
    // The best expert of all stands in group 0, but alone; groups 1 and 2 are better by two.
    double[] logits = {3, -9, 2, 2, 2, 2, 0, 0};
    assertEquals(List.of(2, 3, 4), route(DEEPSEEK, logits, new double[8]).experts());
    RouterRule byBest = new RouterRule(Scoring.SIGMOID, 8, 3, 4, 2, GroupScore.BEST, true, 2.5);
    assertEquals(List.of(0, 2, 3), route(byBest, logits, new double[8]).experts());
  }

  @Example
  void ofAGroupOfFourTheBestTwoCountAndNotTheThird() {
    RouterRule fours = new RouterRule(Scoring.SIGMOID, 8, 2, 2, 1, GroupScore.BEST_TWO, true, 1);
    double[] logits = {2, 2, -9, -9, 1, 1, 1, 1};
    assertEquals(List.of(0, 1), route(fours, logits, new double[8]).experts());
  }

  /** The normaliser is far below any sum of scores but those of experts that nobody wants. */
  @Example
  void scoresFarBelowTheNormaliserGiveNoWeight() {
    double[] logits = {-60, -60, -60, -60, -60, -60, -60, -60};
    double weight = route(DEEPSEEK, logits, new double[8]).weights().get(0);
    assertEquals(2.5 * sigmoid(-60) / (3 * sigmoid(-60) + 1e-20), weight, 1e-15 * weight);
    assertTrue(weight < 1e-5, "weight " + weight);
  }

  @Example
  void theBiasChoosesAndDoesNotWeigh() {
    double[] bias = {0, 0, 0, 0, 0, 0, 5, 5};
    Routing.Choice choice = route(DEEPSEEK, new double[] {2, 1, 0, 0, 0, 0, 0, 0}, bias);
    assertEquals(List.of(6, 7, 0), choice.experts());
    double sum = 0.5 + 0.5 + sigmoid(2);
    assertEquals(2.5 * 0.5 / sum, choice.weights().get(0), 1e-15);
    assertEquals(2.5 * sigmoid(2) / sum, choice.weights().get(2), 1e-15);
  }

  @Example
  void withAllExpertsChosenPlainWeightsAreTheSoftmax() {
    double[] logits = {0.5, -1, 2};
    Routing.Choice choice = route(RouterRule.plain(3, 3, false), logits, new double[3]);
    assertEquals(List.of(2, 0, 1), choice.experts());
    double sum = Math.exp(0.5) + Math.exp(-1) + Math.exp(2);
    assertEquals(Math.exp(2) / sum, choice.weights().get(0), 1e-15);
    assertEquals(1, choice.weights().stream().mapToDouble(w -> w).sum(), 1e-15);
  }

  @Example
  void aSingleExpertGetsAllTheWeight() {
    Routing.Choice choice = route(RouterRule.plain(1, 1, true), new double[] {-700}, new double[1]);
    assertEquals(new Routing.Choice(List.of(0), List.of(1.0)), choice);
  }

  @Example
  void paddingIsNeverChosen() {
    double[] padded = {-5, -6, 0, 0};
    Routing routing =
        new ExpertRouter(RouterRule.plain(2, 1, true), new double[2]).route(padded, 1);
    assertEquals(List.of(0), routing.tokens().get(0).experts());
  }

  @Example
  void aLogitThatIsNoNumberIsAnError() {
    ArithmeticException error =
        assertThrows(
            ArithmeticException.class,
            () -> route(RouterRule.plain(2, 1, true), new double[] {0, Double.NaN}, new double[2]));
    assertEquals("the router's logit of expert 1 is NaN", error.getMessage());
  }

  @Example
  void rulesThatCannotBeKeptAreRefused() {
    assertRefused(
        "experts for a token (5) must be at most the experts of the kept groups (2 × 2 = 4)",
        () -> new RouterRule(Scoring.SIGMOID, 8, 5, 4, 2, GroupScore.BEST_TWO, true, 1));
    assertRefused(
        "expert groups (3) must divide the experts (8)",
        () -> new RouterRule(Scoring.SIGMOID, 8, 1, 3, 2, GroupScore.BEST_TWO, true, 1));
    assertRefused(
        "groups scored by their best two experts must have at least 2, got 4 in 4 groups",
        () -> new RouterRule(Scoring.SIGMOID, 4, 1, 4, 2, GroupScore.BEST_TWO, true, 1));
  }

  @Property(tries = 300, seed = "20250707")
  void theBaselineChoosesAlikeAlsoAmongTies(
      @ForAll @IntRange(max = 100_000) int seed, @ForAll boolean sigmoid) {
    SplittableRandom random = new SplittableRandom(seed);
    RouterRule rule =
        sigmoid
            ? DEEPSEEK
            : new RouterRule(Scoring.SOFTMAX, 8, 2, 2, 1, GroupScore.BEST, false, 1.5);
    // Few distinct values, so that there are ties; x = 1 makes the router's weights the logits.
    double[] logits = random.ints(8, -1, 2).asDoubleStream().toArray();
    double[] bias = random.ints(8, 0, 2).asDoubleStream().toArray();
    List<UnshardedSwiGlu> experts = new ArrayList<>();
    IntStream.range(0, 8).forEach(e -> experts.add(swiGlu(1, 1, random)));
    UnshardedMoe baseline =
        new UnshardedMoe(
            new MoeShape(1, 8, 1, 0), rule, logits.clone(), bias, experts, Optional.empty());
    Routing.Choice choice = route(rule, logits, bias);
    double[] x = {1};
    assertEquals(baseline.chosen(x), choice.experts());
    double[] weights = choice.weights().stream().mapToDouble(w -> w).toArray();
    assertArrayEquals(baseline.weights(x, choice.experts()), weights, 1e-15);
  }

  @Property(tries = 100, seed = "20250707")
  void dispatchGivesEachExpertItsTokensAndLosesNone(
      @ForAll @IntRange(max = 100_000) int seed, @ForAll @IntRange(max = 20) int tokens) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] logits = random.doubles(8L * tokens, -2, 2).toArray();
    Routing routing = new ExpertRouter(DEEPSEEK, new double[8]).route(logits, tokens);
    int assignments = 0;
    for (int first = 0; first < 8; first += 4) {
      Dispatch dispatch = Dispatch.of(routing, new ExpertRange(first, 4));
      assertEquals(dispatch.size(), dispatch.counts().stream().mapToInt(c -> c).sum());
      int at = 0;
      for (int local = 0; local < 4; local++) {
        for (int end = at + dispatch.counts().get(local); at < end; at++) {
          Routing.Choice choice = routing.tokens().get(dispatch.rows().get(at));
          int place = choice.experts().indexOf(first + local);
          assertTrue(place >= 0);
          assertEquals(choice.weights().get(place), dispatch.weights().get(at));
        }
      }
      assignments += dispatch.size();
    }
    assertEquals(3 * tokens, assignments);
  }

  static UnshardedSwiGlu swiGlu(int hidden, int intermediate, SplittableRandom random) {
    return new UnshardedSwiGlu(
        hidden,
        intermediate,
        gaussian(random, intermediate * hidden),
        gaussian(random, intermediate * hidden),
        gaussian(random, intermediate * hidden));
  }

  static double[] gaussian(SplittableRandom random, int count) {
    return IntStream.range(0, count).mapToDouble(i -> random.nextGaussian()).toArray();
  }

  private static Routing.Choice route(RouterRule rule, double[] logits, double[] bias) {
    return new ExpertRouter(rule, bias).route(logits, 1).tokens().get(0);
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  private static void assertRefused(String message, Runnable rule) {
    assertEquals(message, assertThrows(InvalidInputException.class, rule::run).getMessage());
  }
}
