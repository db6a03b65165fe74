package dev.helix.tensor.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ErrorReportTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  @Test
  void figuresAreThoseOfTheWorstElements() {
    ErrorReport report =
        ErrorReport.of(
            new double[] {1.5, 100, -2}, new double[] {1, 101, -2}, new double[] {1, 10, 20});
    assertTrue(report.passed());
    assertEquals(3, report.count());
    assertEquals(1, report.maxAbs());
    assertEquals(0.5, report.maxRelative());
    assertEquals(0.5 / Math.ulp(1.0), report.maxUlp());
    assertEquals(0.5, report.worstShare());
    assertEquals(1, report.bound());
    assertEquals(20, report.largestBound());
  }

  @Test
  void anElementAtItsBoundPassesAndOneAboveItFails() {
    assertTrue(single(2, 1, 1).passed());
    ErrorReport above = single(Math.nextUp(2.0), 1, 1);
    assertFalse(above.passed());
    assertEquals(1, above.violations());
    assertTrue(above.worstShare() > 1);
  }

  @Test
  void aBoundOfZeroDemandsEquality() {
    assertTrue(single(3, 3, 0).passed());
    assertEquals(0, single(3, 3, 0).worstShare());
    assertTrue(single(-0.0, 0.0, 0).passed());
    ErrorReport different = single(Math.nextUp(3.0), 3, 0);
    assertFalse(different.passed());
    assertEquals(INFINITY, different.worstShare());
    assertEquals(0, different.bound());
  }

  @Test
  void whateverIsNotFiniteFailsAlsoIfBothAreTheSame() {
    double[][] cases = {
      {Double.NaN, 1, 1},
      {1, Double.NaN, 1},
      {1, 1, Double.NaN},
      {Double.NaN, Double.NaN, 1},
      {INFINITY, INFINITY, 1},
      {INFINITY, 1, 1},
      {1, -INFINITY, 1},
      {1, 1, INFINITY},
    };
    for (double[] c : cases) {
      ErrorReport report = single(c[0], c[1], c[2]);
      assertFalse(report.passed(), report::toString);
      assertEquals(1, report.nonFinite());
      assertEquals(1, report.count());
      assertEquals(0, report.maxAbs());
      assertEquals(0, report.worstShare());
    }
  }

  @Test
  void aDifferenceThatOverflowsFails() {
    assertFalse(single(Double.MAX_VALUE, -Double.MAX_VALUE, Double.MAX_VALUE).passed());
  }

  @Test
  void expectedZerosHaveNoRelativeErrorAndAreCounted() {
    ErrorReport report =
        ErrorReport.of(new double[] {1e-20, 3}, new double[] {0, 2}, new double[] {1, 2});
    assertTrue(report.passed());
    assertEquals(1, report.unexpectedNonZeros());
    assertEquals(0.5, report.maxRelative());
    assertEquals(1 / Math.ulp(2.0), report.maxUlp());
    assertEquals(0, single(0, 0, 1).unexpectedNonZeros());
  }

  @Test
  void comparingNothingDoesNotPass() {
    ErrorReport report = new ErrorAccumulator().report();
    assertFalse(report.passed());
    assertEquals(0, report.count());
    assertTrue(report.toString().startsWith("nothing compared"), report::toString);
  }

  @Test
  void theLineSaysWhatHappened() {
    assertTrue(single(1, 1, 1).toString().startsWith("passed: 1 compared, 0 beyond bound"));
    assertTrue(single(3, 1, 1).toString().startsWith("FAILED: 1 compared, 1 beyond bound"));
    assertTrue(single(Double.NaN, 1, 1).toString().startsWith("FAILED"));
  }

  @Test
  void negativeBoundsAndUnequalLengthsAreRefused() {
    ErrorAccumulator errors = new ErrorAccumulator();
    assertThrows(IllegalArgumentException.class, () -> errors.add(1, 1, -1e-300));
    assertThrows(
        IllegalArgumentException.class,
        () -> errors.addAll(new double[1], new double[2], new double[2]));
    assertThrows(
        IllegalArgumentException.class,
        () -> errors.addAll(new double[2], new double[2], new double[1]));
    assertEquals(0, errors.report().count());
  }

  @Property(seed = "20250504", tries = 500)
  void mergingPartsGivesTheReportOfTheWhole(
      @ForAll long seed,
      @ForAll @IntRange(max = 30) int size,
      @ForAll @IntRange(min = 1, max = 5) int parts) {
    SplittableRandom random = new SplittableRandom(seed);
    ErrorAccumulator whole = new ErrorAccumulator();
    ErrorAccumulator[] part = new ErrorAccumulator[parts];
    for (int i = 0; i < parts; i++) {
      part[i] = new ErrorAccumulator();
    }
    for (int i = 0; i < size; i++) {
      double expected = random.nextInt(5) == 0 ? 0 : random.nextGaussian();
      double actual = random.nextInt(9) == 0 ? Double.NaN : expected + 1e-3 * random.nextGaussian();
      double bound = random.nextInt(7) == 0 ? 0 : 2e-3 * random.nextDouble();
      whole.add(actual, expected, bound);
      part[random.nextInt(parts)].add(actual, expected, bound);
    }
    ErrorAccumulator merged = new ErrorAccumulator();
    for (ErrorAccumulator each : part) {
      ErrorReport before = each.report();
      merged.merge(each);
      assertEquals(before, each.report());
    }
    assertEquals(whole.report(), merged.report());
  }

  private static ErrorReport single(double actual, double expected, double bound) {
    ErrorAccumulator errors = new ErrorAccumulator();
    errors.add(actual, expected, bound);
    return errors.report();
  }
}
