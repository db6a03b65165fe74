package dev.helix.attention.bounds;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.baseline.UnshardedAttention;
import dev.helix.attention.bounds.ShardedEmulation.Fault;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RopeParameters.Llama3Scaling;
import dev.helix.tensor.compare.ErrorAccumulator;
import dev.helix.tensor.compare.ErrorReport;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class AttentionErrorBoundTest {
  private static final AttentionShape SHAPE = new AttentionShape(16, 4, 2, 8);
  private static final RopeParameters ROPE = RopeParameters.of(5e5);

  /** The least part of a bound that the worst element must use, or the bound says nothing. */
  private static final double VACUOUS = 1e-4;

  record HardCase(String name, AttentionProblem problem) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<HardCase> hardCases() {
    return Stream.of(
        new HardCase("one token", random(1)),
        new HardCase("moderate scores", random(40)),
        new HardCase("a long cache", random(600)),
        new HardCase(
            "scores spread over ±1e3, one token has all", random(60).withQueriesScaled(1e3)),
        new HardCase(
            "terms of ±7e3 cancel to scores near 5e2, weights alike",
            random(60).withNoiseScaled(0.01).withBiases(100, 100, -93)),
        new HardCase(
            "all scores near −1e5", random(60).withNoiseScaled(1e-4).withBiases(-400, 400, 350)),
        new HardCase("values ±1e4 cancel", random(60).withAlternatingValues(1e4)),
        new HardCase(
            "values ±1e4 cancel over a longer cache", random(300).withAlternatingValues(1e4)),
        new HardCase("tiny inputs, products underflow", random(30).withInputsScaled(1e-170)),
        new HardCase("subnormal values", random(30).withValuesScaled(1e-310)),
        new HardCase("huge values", random(30).withValuesScaled(1e290)),
        new HardCase(
            "head size 6, multi-query, θ = 1e4",
            AttentionProblem.random(
                new AttentionShape(10, 3, 1, 6), RopeParameters.of(1e4), 200, 7)),
        new HardCase(
            "frequencies of Llama 3.1",
            AttentionProblem.random(
                new AttentionShape(8, 2, 2, 16),
                new RopeParameters(5e5, Optional.of(new Llama3Scaling(8, 1, 4, 8192))),
                400,
                8)));
  }

  @ParameterizedTest
  @MethodSource("hardCases")
  void everyCarefulProgramStaysWithinTheBoundOfTheExactValueAndUsesMoreThanATenThousandth(
      HardCase hard) {
    AttentionProblem problem = hard.problem();
    int[] shardCounts = {1, 2, 3, 8};
    UnshardedAttention baseline = problem.baseline();
    AttentionErrorBound[] bounds = new AttentionErrorBound[shardCounts.length];
    ShardedEmulation[] sharded = new ShardedEmulation[shardCounts.length];
    for (int i = 0; i < shardCounts.length; i++) {
      bounds[i] = new AttentionErrorBound(baseline, shardCounts[i]);
      sharded[i] = new ShardedEmulation(problem, shardCounts[i], 1 + i, Fault.NONE);
    }
    ExactAttention exact = new ExactAttention(problem);
    double[] plain = {};
    double[][] merged = new double[shardCounts.length][];
    double[][] allowed = new double[shardCounts.length][];
    for (double[] x : problem.inputs) {
      exact.append(x);
      plain = baseline.step(x);
      for (int i = 0; i < shardCounts.length; i++) {
        merged[i] = sharded[i].step(x);
        allowed[i] = bounds[i].step(x);
      }
    }
    BigDecimal[] truth = exact.output();
    double usedByOne = 0;
    double usedBySeveral = 0;
    for (int i = 0; i < shardCounts.length; i++) {
      String where = hard + ", " + shardCounts[i] + " shards: ";
      ErrorReport difference = ErrorReport.of(merged[i], plain, allowed[i]);
      assertTrue(difference.passed(), () -> where + "sharded − baseline " + difference);
      double baselineShare = worstShare(plain, truth, allowed[i]);
      double shardedShare = worstShare(merged[i], truth, allowed[i]);
      assertTrue(baselineShare <= 1, () -> where + "baseline uses " + baselineShare);
      assertTrue(shardedShare <= 1, () -> where + "sharded uses " + shardedShare);
      double used = Math.max(baselineShare, shardedShare);
      if (shardCounts[i] == 1) {
        usedByOne = used;
      } else {
        usedBySeveral = Math.max(usedBySeveral, used);
      }
    }
    double[] used = {usedByOne, usedBySeveral};
    assertTrue(
        Math.min(usedByOne, usedBySeveral) >= VACUOUS,
        () -> hard + ": one shard and several use only " + Arrays.toString(used) + " of the bound");
  }

  @Property(seed = "20250101", tries = 300)
  void shardedAndUnshardedAgreeWithinTheBoundAtEveryStep(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int shards,
      @ForAll @IntRange(min = 1, max = 16) int run,
      @ForAll @IntRange(min = 1, max = 50) int tokens,
      @ForAll @DoubleRange(min = -3, max = 3.5) double logScoreScale) {
    AttentionProblem problem =
        AttentionProblem.random(SHAPE, ROPE, tokens, seed)
            .withQueriesScaled(Math.pow(10, logScoreScale));
    ErrorReport report = decode(problem, shards, run, Fault.NONE);
    assertTrue(report.passed(), report::toString);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE"})
  void everyPlantedFaultExceedsTheBound(Fault fault) {
    for (int tokens : new int[] {20, 300}) {
      ErrorReport report = decode(random(tokens), 3, 4, fault);
      assertTrue(report.violations() > 0, () -> fault + " passes: " + report);
      assertTrue(report.worstShare() > 100, () -> fault + " nearly passes: " + report);
    }
  }

  @Property(seed = "20250102", tries = 200)
  void inputErrorsAreCarriedThroughEveryCachedPosition(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int tokens,
      @ForAll @DoubleRange(min = -14, max = -1) double logInputError) {
    AttentionProblem problem = random(tokens);
    double[] inputError = new double[SHAPE.hidden()];
    Arrays.fill(inputError, Math.pow(10, logInputError));
    SplittableRandom random = new SplittableRandom(seed);
    UnshardedAttention baseline = problem.baseline();
    AttentionErrorBound bound = new AttentionErrorBound(baseline, 4);
    ShardedEmulation sharded = new ShardedEmulation(problem, 4, 2, Fault.NONE);
    ErrorAccumulator errors = new ErrorAccumulator();
    for (double[] x : problem.inputs) {
      double[] moved = x.clone();
      for (int i = 0; i < x.length; i++) {
        // A little less than E, for x + E is itself rounded.
        moved[i] += (random.nextBoolean() ? 0.999 : -0.999) * inputError[i];
      }
      double[] expected = baseline.step(x);
      errors.addAll(sharded.step(moved), expected, bound.step(x, inputError));
    }
    ErrorReport report = errors.report();
    assertTrue(report.passed(), report::toString);
    // Finite perturbations make the bound grow exponentially in the score errors; up to 1e-3 they
    // are small and it must stay close.
    assertTrue(logInputError > -3 || report.worstShare() > 1e-2, report::toString);
  }

  @Test
  void aLargerInputErrorNeverGivesASmallerBound() {
    AttentionProblem problem = random(12);
    double[] last = new double[SHAPE.hidden()];
    for (double error : new double[] {0, 1e-16, 1e-12, 1e-6, 1e-2, 1, 100}) {
      double[] inputError = new double[SHAPE.hidden()];
      Arrays.fill(inputError, error);
      UnshardedAttention baseline = problem.baseline();
      AttentionErrorBound bound = new AttentionErrorBound(baseline, 2);
      double[] now = {};
      for (double[] x : problem.inputs) {
        baseline.step(x);
        now = bound.step(x, inputError);
      }
      for (int i = 0; i < now.length; i++) {
        assertTrue(now[i] >= last[i], "bound shrinks with the input error");
      }
      last = now;
    }
  }

  @Test
  void theBoundOfCommonInputsIsThatOfAZeroInputError() {
    AttentionProblem problem = random(5);
    UnshardedAttention baseline = problem.baseline();
    AttentionErrorBound first = new AttentionErrorBound(baseline, 2);
    AttentionErrorBound second = new AttentionErrorBound(baseline, 2);
    for (double[] x : problem.inputs) {
      baseline.step(x);
      assertArrayEquals(first.step(x), second.step(x, new double[x.length]));
    }
  }

  @Test
  void theBoundMustWalkWithItsBaseline() {
    AttentionProblem problem = random(2);
    UnshardedAttention baseline = problem.baseline();
    AttentionErrorBound bound = new AttentionErrorBound(baseline, 1);
    assertThrows(IllegalStateException.class, () -> bound.step(problem.inputs[0]));
    baseline.step(problem.inputs[0]);
    baseline.step(problem.inputs[1]);
    assertEquals(2, baseline.tokens());
    assertThrows(IllegalStateException.class, () -> bound.step(problem.inputs[1]));
    assertThrows(IllegalArgumentException.class, () -> new AttentionErrorBound(baseline, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new AttentionErrorBound(problem.baseline(), 0));
  }

  private static AttentionProblem random(int tokens) {
    return AttentionProblem.random(SHAPE, ROPE, tokens, 42 + tokens);
  }

  private static ErrorReport decode(AttentionProblem problem, int shards, int run, Fault fault) {
    UnshardedAttention baseline = problem.baseline();
    AttentionErrorBound bound = new AttentionErrorBound(baseline, shards);
    ShardedEmulation sharded = new ShardedEmulation(problem, shards, run, fault);
    ErrorAccumulator errors = new ErrorAccumulator();
    for (double[] x : problem.inputs) {
      double[] expected = baseline.step(x);
      errors.addAll(sharded.step(x), expected, bound.step(x));
    }
    return errors.report();
  }

  private static double worstShare(double[] actual, BigDecimal[] exact, double[] bound) {
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      worst = Math.max(worst, HighPrecision.error(actual[i], exact[i]) / bound[i]);
    }
    return worst;
  }
}
