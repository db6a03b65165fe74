package dev.helix.ffn.bounds;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.ffn.baseline.UnshardedSwiGlu;
import dev.helix.ffn.bounds.SwiGluProblem.Fault;
import dev.helix.tensor.compare.ErrorReport;
import java.math.BigDecimal;
import java.util.Arrays;
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
import org.junit.jupiter.params.provider.ValueSource;

final class SwiGluErrorBoundTest {
  /** The least part of a bound that the worst element must use, or the bound says nothing. */
  private static final double VACUOUS = 1e-4;

  record HardCase(String name, SwiGluProblem problem) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<HardCase> hardCases() {
    return Stream.of(
        new HardCase("moderate", random()),
        new HardCase("one channel", new SwiGluProblem(1, 1, 3)),
        new HardCase("wide", new SwiGluProblem(32, 1000, 4)),
        new HardCase("gates over ±1e3", random().withGateScaled(500)),
        new HardCase("gates near −30", random().withGatesNear(-30)),
        new HardCase("gates near −708", random().withGatesNear(-708)),
        new HardCase("gates near −745, exp(−g) overflows", random().withGatesNear(-745)),
        new HardCase("channels of ±1e4 cancel", random().withCancellingChannels(1e4)),
        new HardCase("tiny inputs, products underflow", random().withInputScaled(1e-160)),
        new HardCase("huge up projection", random().withUpScaled(1e290)));
  }

  @ParameterizedTest
  @MethodSource("hardCases")
  void everyCarefulProgramStaysWithinTheBoundOfTheExactValueAndUsesMoreThanATenThousandth(
      HardCase hard) {
    SwiGluProblem problem = hard.problem();
    BigDecimal[] truth = ExactSwiGlu.apply(problem, problem.x);
    double[] plain = problem.baseline().apply(problem.x);
    double[] bound = new SwiGluErrorBound(problem.baseline()).of(problem.x);
    double baselineShare = worstShare(plain, truth, bound);
    assertTrue(baselineShare <= 1, () -> "baseline uses " + baselineShare);
    for (int ranks : new int[] {1, 2, 5, 8}) {
      double[] sharded = problem.sharded(problem.x, ranks, Fault.NONE);
      ErrorReport difference = ErrorReport.of(sharded, plain, bound);
      assertTrue(difference.passed(), () -> ranks + " ranks: " + difference);
      double shardedShare = worstShare(sharded, truth, bound);
      assertTrue(shardedShare <= 1, () -> ranks + " ranks use " + shardedShare);
      double used = Math.max(baselineShare, shardedShare);
      assertTrue(used >= VACUOUS, () -> ranks + " ranks: only " + used + " of the bound is used");
    }
  }

  @Property(seed = "20250201", tries = 500)
  void shardedAndUnshardedAgreeWithinTheBound(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int hidden,
      @ForAll @IntRange(min = 1, max = 40) int intermediate,
      @ForAll @IntRange(min = 1, max = 8) int ranks,
      @ForAll @DoubleRange(min = -10, max = 5) double logScale) {
    SwiGluProblem problem =
        new SwiGluProblem(hidden, intermediate, seed).withInputScaled(Math.pow(10, logScale));
    ErrorReport report = check(problem, ranks, Fault.NONE);
    assertTrue(report.passed(), report::toString);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE"})
  void everyPlantedFaultExceedsTheBound(Fault fault) {
    ErrorReport report = check(random(), 4, fault);
    assertTrue(report.worstShare() > 100, () -> fault + " passes or nearly: " + report);
  }

  @Property(seed = "20250202", tries = 500)
  void inputErrorsAreCarriedThrough(
      @ForAll long seed,
      @ForAll @DoubleRange(min = -14, max = 2) double logInputError,
      @ForAll @DoubleRange(min = -1, max = 3) double logGateScale) {
    SwiGluProblem problem = random().withGateScaled(Math.pow(10, logGateScale));
    SplittableRandom random = new SplittableRandom(seed);
    double[] inputError = new double[problem.hidden];
    Arrays.fill(inputError, Math.pow(10, logInputError));
    double[] moved = problem.x.clone();
    for (int i = 0; i < moved.length; i++) {
      // A little less than E, for x + E is itself rounded.
      moved[i] += (random.nextBoolean() ? 0.999 : -0.999) * inputError[i];
    }
    ErrorReport report =
        ErrorReport.of(
            problem.sharded(moved, 4, Fault.NONE),
            problem.baseline().apply(problem.x),
            new SwiGluErrorBound(problem.baseline()).of(problem.x, inputError));
    assertTrue(report.passed(), report::toString);
    assertTrue(report.worstShare() > 1e-3, report::toString);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {-760, -745, -720, -709.8, -709.7, -300, -30, -3, -1.278, -1e-3, 0, 1e-8, 2.4, 40})
  void siluIsWithinItsBoundOfTheExactValueForErrorsOfEverySize(double g) {
    double actual = UnshardedSwiGlu.silu(g);
    double rounding = SwiGluErrorBound.siluError(g, Math.abs(actual), 0);
    double error = ExactSwiGlu.error(actual, ExactSwiGlu.silu(new BigDecimal(g)));
    assertTrue(2 * error <= rounding, () -> error + " for a bound of " + rounding);
    for (double gError : new double[] {1e-12, 1e-6, 1e-2, 0.1, 1, 10, 100}) {
      for (double moved : new double[] {g - gError, g + gError}) {
        // Not gError: g ± gError is itself rounded.
        double bound = SwiGluErrorBound.siluError(g, Math.abs(actual), Math.abs(moved - g));
        double change = ExactSwiGlu.error(actual, ExactSwiGlu.silu(new BigDecimal(moved)));
        assertTrue(change <= bound, () -> "moved to " + moved + " by " + change);
      }
    }
  }

  @Test
  void siluErrorsAreNotMuchSmallerThanTheirBounds() {
    double mostOfRounding = 0;
    double leastOfInput = 1;
    for (double g = -40; g < 40; g += 0.37) {
      double actual = UnshardedSwiGlu.silu(g);
      double error = ExactSwiGlu.error(actual, ExactSwiGlu.silu(new BigDecimal(g)));
      double rounding = SwiGluErrorBound.siluError(g, Math.abs(actual), 0);
      double small = SwiGluErrorBound.siluError(g, Math.abs(actual), 1e-4);
      double change = Math.abs(UnshardedSwiGlu.silu(g + 1e-4) - actual);
      mostOfRounding = Math.max(mostOfRounding, error / rounding);
      leastOfInput = Math.min(leastOfInput, change / small);
    }
    assertTrue(mostOfRounding > 0.05, "rounding uses " + mostOfRounding);
    assertTrue(leastOfInput > 0.9, "input uses " + leastOfInput);
  }

  @Test
  void theBoundOfACommonInputIsThatOfAZeroInputError() {
    SwiGluErrorBound bound = new SwiGluErrorBound(random().baseline());
    assertArrayEquals(bound.of(random().x), bound.of(random().x, new double[16]));
  }

  @Test
  void siluByHand() {
    assertEquals(0, UnshardedSwiGlu.silu(0));
    assertEquals(1 / (1 + Math.exp(-1)), UnshardedSwiGlu.silu(1), 1e-16);
    assertEquals(800, UnshardedSwiGlu.silu(800));
    assertEquals(0, UnshardedSwiGlu.silu(-800), 0.0);
  }

  @Test
  void oneChannelByHand() {
    UnshardedSwiGlu ffn =
        new UnshardedSwiGlu(2, 1, new double[] {1, 0}, new double[] {0, 3}, new double[] {5, -7});
    double activated = 2 / (1 + Math.exp(-2)) * 33;
    assertArrayEquals(
        new double[] {5 * activated, -7 * activated}, ffn.apply(new double[] {2, 11}), 1e-12);
  }

  @Test
  void sizesAreChecked() {
    double[] three = new double[3];
    double[] six = new double[6];
    assertThrows(IllegalArgumentException.class, () -> new UnshardedSwiGlu(2, 3, three, six, six));
    assertThrows(IllegalArgumentException.class, () -> new UnshardedSwiGlu(2, 3, six, three, six));
    assertThrows(IllegalArgumentException.class, () -> new UnshardedSwiGlu(2, 3, six, six, three));
    assertThrows(IllegalArgumentException.class, () -> new UnshardedSwiGlu(0, 3, six, six, six));
    UnshardedSwiGlu ffn = new UnshardedSwiGlu(2, 3, six, six, six);
    assertThrows(IllegalArgumentException.class, () -> ffn.apply(three));
    assertThrows(IllegalArgumentException.class, () -> new SwiGluErrorBound(ffn).of(three));
  }

  private static SwiGluProblem random() {
    return new SwiGluProblem(16, 40, 9);
  }

  private static ErrorReport check(SwiGluProblem problem, int ranks, Fault fault) {
    return ErrorReport.of(
        problem.sharded(problem.x, ranks, fault),
        problem.baseline().apply(problem.x),
        new SwiGluErrorBound(problem.baseline()).of(problem.x));
  }

  private static double worstShare(double[] actual, BigDecimal[] exact, double[] bound) {
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      worst = Math.max(worst, ExactSwiGlu.error(actual[i], exact[i]) / bound[i]);
    }
    return worst;
  }
}
