package dev.helix.ffn.bounds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.ffn.MoeShape;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.RouterRule.GroupScore;
import dev.helix.ffn.RouterRule.Scoring;
import dev.helix.ffn.baseline.UnshardedMoe;
import dev.helix.ffn.baseline.UnshardedSwiGlu;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MoeErrorBoundTest {
  private static final int HIDDEN = 5;
  private static final int INNER = 7;
  private static final RouterRule RULE =
      new RouterRule(Scoring.SIGMOID, 6, 2, 3, 2, GroupScore.BEST_TWO, true, 1);

  @Property(tries = 100, seed = "20250707")
  void expertsThatAreAllEqualAreTheDenseFfn(@ForAll @IntRange(max = 100_000) int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    UnshardedSwiGlu dense = swiGlu(random);
    UnshardedMoe moe = moe(RULE, random, Collections.nCopies(6, dense));
    double[] x = gaussian(random, HIDDEN);
    assertWithin(
        dense.apply(x),
        moe.apply(x),
        FfnErrorBound.beside(moe).of(x, new double[HIDDEN], List.of()));
  }

  @Property(tries = 100, seed = "20250707")
  void theOrderInWhichExpertsAreAddedStaysWithinTheBound(
      @ForAll @IntRange(max = 100_000) int seed, @ForAll boolean sigmoid) {
    SplittableRandom random = new SplittableRandom(seed);
    RouterRule rule = sigmoid ? RULE : RouterRule.plain(6, 4, false);
    List<UnshardedSwiGlu> experts = experts(random);
    UnshardedMoe moe = moe(rule, random, experts);
    double[] x = gaussian(random, HIDDEN);
    List<Integer> chosen = moe.chosen(x);
    List<Integer> reversed = new java.util.ArrayList<>(chosen);
    Collections.reverse(reversed);
    double[] bound = FfnErrorBound.beside(moe).of(x, new double[HIDDEN], chosen);
    assertWithin(moe.apply(x, chosen), moe.apply(x, reversed), bound);
  }

  @Property(tries = 100, seed = "20250707")
  void anInputOffByItsErrorGivesAnOutputWithinTheBound(
      @ForAll @IntRange(max = 100_000) int seed, @ForAll @IntRange(min = 3, max = 14) int digits) {
    SplittableRandom random = new SplittableRandom(seed);
    UnshardedMoe moe =
        moe(seed % 2 == 0 ? RULE : RouterRule.plain(6, 4, true), random, experts(random));
    double[] x = gaussian(random, HIDDEN);
    double error = Math.pow(10, -digits);
    double[] changed = x.clone();
    double[] errors = new double[HIDDEN];
    for (int i = 0; i < HIDDEN; i++) {
      changed[i] += random.nextBoolean() ? error : -error;
      errors[i] = 1.0001 * error + Math.ulp(x[i]);
    }
    List<Integer> chosen = moe.chosen(x);
    assertWithin(
        moe.apply(x, chosen),
        moe.apply(changed, chosen),
        FfnErrorBound.beside(moe).of(x, errors, chosen));
    MoeErrorBound bound = new MoeErrorBound(moe);
    assertWithin(
        moe.weights(x, chosen), moe.weights(changed, chosen), bound.weights(x, errors, chosen));
    // What the router would choose from the changed input is explained by the error.
    assertEquals(List.of(), bound.contradictions(x, errors, moe.chosen(changed)));
  }

  @Example
  void aChoiceThatRoundingCannotExplainIsContradicted() {
    SplittableRandom random = new SplittableRandom(3);
    UnshardedMoe moe = moe(RULE, random, experts(random));
    double[] x = gaussian(random, HIDDEN);
    List<Integer> chosen = moe.chosen(x);
    MoeErrorBound bound = new MoeErrorBound(moe);
    double[] exact = new double[HIDDEN];
    assertTrue(bound.contradictions(x, exact, chosen).isEmpty());
    int other = IntStream.range(0, 6).filter(e -> !chosen.contains(e)).findFirst().getAsInt();
    assertFalse(bound.contradictions(x, exact, List.of(chosen.get(0), other)).isEmpty());
  }

  @Example
  void aTieIsExplainedEitherWay() {
    SplittableRandom random = new SplittableRandom(4);
    RouterRule rule = RouterRule.plain(6, 1, true);
    UnshardedMoe moe =
        new UnshardedMoe(
            new MoeShape(HIDDEN, 6, INNER, 0),
            rule,
            new double[6 * HIDDEN],
            new double[6],
            experts(random),
            Optional.empty());
    double[] x = gaussian(random, HIDDEN);
    assertEquals(List.of(0), moe.chosen(x));
    assertTrue(new MoeErrorBound(moe).contradictions(x, new double[HIDDEN], List.of(5)).isEmpty());
  }

  private static void assertWithin(double[] expected, double[] actual, double[] bound) {
    for (int i = 0; i < expected.length; i++) {
      double error = Math.abs(actual[i] - expected[i]);
      assertTrue(error <= bound[i], "element " + i + " is off by " + error + " of " + bound[i]);
    }
  }

  private static UnshardedMoe moe(
      RouterRule rule, SplittableRandom random, List<UnshardedSwiGlu> experts) {
    return new UnshardedMoe(
        new MoeShape(HIDDEN, 6, INNER, 0),
        rule,
        gaussian(random, 6 * HIDDEN),
        rule.scoring() == Scoring.SIGMOID ? gaussian(random, 6) : new double[6],
        experts,
        Optional.empty());
  }

  private static List<UnshardedSwiGlu> experts(SplittableRandom random) {
    return IntStream.range(0, 6).mapToObj(e -> swiGlu(random)).toList();
  }

  private static UnshardedSwiGlu swiGlu(SplittableRandom random) {
    return new UnshardedSwiGlu(
        HIDDEN,
        INNER,
        gaussian(random, INNER * HIDDEN),
        gaussian(random, INNER * HIDDEN),
        gaussian(random, INNER * HIDDEN));
  }

  private static double[] gaussian(SplittableRandom random, int count) {
    return IntStream.range(0, count).mapToDouble(i -> random.nextGaussian()).toArray();
  }
}
