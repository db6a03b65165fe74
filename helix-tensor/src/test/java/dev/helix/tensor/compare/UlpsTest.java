package dev.helix.tensor.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class UlpsTest {
  @Provide
  Arbitrary<Double> finite() {
    return Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite);
  }

  @Property(seed = "20250501", tries = 1000)
  void distanceCountsTheStepsToTheNeighbour(
      @ForAll("finite") double start, @ForAll @IntRange(min = 0, max = 200) int steps) {
    double end = start;
    for (int i = 0; i < steps; i++) {
      end = Math.nextUp(end);
    }
    if (Double.isFinite(end)) {
      // +0 and −0 are one double here, and one step for nextUp too.
      assertEquals(steps, Ulps.distance(start, end));
    }
  }

  @Property(seed = "20250502", tries = 1000)
  void distanceIsSymmetricAndZeroForEqualNumbersOnly(
      @ForAll("finite") double a, @ForAll("finite") double b) {
    assertEquals(Ulps.distance(a, b), Ulps.distance(b, a));
    assertEquals(a == b, Ulps.distance(a, b) == 0);
    assertTrue(Ulps.distance(a, b) >= 0);
  }

  @Property(seed = "20250503", tries = 1000)
  void distanceAddsUpAlongTheNumberLine(
      @ForAll("finite") double a, @ForAll("finite") double b, @ForAll("finite") double c) {
    double low = Math.min(a, Math.min(b, c));
    double high = Math.max(a, Math.max(b, c));
    double middle = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    long sum = Ulps.distance(low, middle) + Ulps.distance(middle, high);
    if (Ulps.distance(low, high) != Long.MAX_VALUE) {
      assertEquals(sum, Ulps.distance(low, high));
    }
  }

  @Test
  void zerosAreEqualAndNotANumberIsFarFromEverything() {
    assertEquals(0, Ulps.distance(0.0, -0.0));
    assertEquals(2, Ulps.distance(Double.MIN_VALUE, -Double.MIN_VALUE));
    assertEquals(Long.MAX_VALUE, Ulps.distance(Double.NaN, Double.NaN));
    assertEquals(Long.MAX_VALUE, Ulps.distance(1, Double.NaN));
    assertEquals(Long.MAX_VALUE, Ulps.distance(Double.MAX_VALUE, Double.POSITIVE_INFINITY));
    assertEquals(0, Ulps.distance(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY));
    assertEquals(Long.MAX_VALUE, Ulps.distance(Double.MAX_VALUE, -Double.MAX_VALUE));
  }

  @Test
  void errorIsInUnitsOfTheReference() {
    assertEquals(1, Ulps.error(1 + Math.ulp(1.0), 1));
    // Below a power of two numbers lie twice as dense: half a unit of 1, but one step.
    assertEquals(0.5, Ulps.error(Math.nextDown(1.0), 1));
    assertEquals(1, Ulps.distance(Math.nextDown(1.0), 1));
    assertEquals(3, Ulps.error(3 * Double.MIN_VALUE, 0));
    assertEquals(0, Ulps.error(-0.0, 0.0));
  }

  @Test
  void errorOfNumbersThatAreNotFinite() {
    double infinity = Double.POSITIVE_INFINITY;
    assertEquals(0, Ulps.error(infinity, infinity));
    assertEquals(infinity, Ulps.error(1, infinity));
    assertEquals(infinity, Ulps.error(infinity, 1));
    assertEquals(infinity, Ulps.error(-infinity, infinity));
    assertTrue(Double.isNaN(Ulps.error(Double.NaN, infinity)));
    assertTrue(Double.isNaN(Ulps.error(1, Double.NaN)));
  }
}
