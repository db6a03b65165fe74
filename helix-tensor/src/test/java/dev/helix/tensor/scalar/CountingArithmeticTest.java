package dev.helix.tensor.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.mesh.RankScope;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class CountingArithmeticTest {
  private final RankScope scope = RankScope.alone(0);
  private final CountingArithmetic arithmetic = new CountingArithmetic(scope);

  @Property(tries = 100, seed = "31")
  void theNumbersAreThoseOfDoubles(@ForAll double a, @ForAll double b) {
    assertEquals(a + b, arithmetic.add(a, b));
    assertEquals(a - b, arithmetic.subtract(a, b));
    assertEquals(a * b, arithmetic.multiply(a, b));
    assertEquals(a / b, arithmetic.divide(a, b));
    assertEquals(-a, arithmetic.negate(a));
    assertEquals(StrictMath.sqrt(a), arithmetic.squareRoot(a));
    assertEquals(StrictMath.exp(a), arithmetic.exp(a));
    assertEquals(StrictMath.log(a), arithmetic.log(a));
    assertEquals(Math.max(a, b), arithmetic.max(a, b));
    assertEquals(a, arithmetic.decode(arithmetic.encode(a)));
    assertEquals(a, arithmetic.toDouble(arithmetic.of(a)));
  }

  @Test
  void eachOperationIsCountedUnderTheLaunchThatItServes() {
    scope.launch("first");
    arithmetic.add(1.0, 2.0);
    arithmetic.subtract(1.0, 2.0);
    arithmetic.multiply(1.0, 2.0);
    scope.launch("second");
    arithmetic.divide(1.0, 2.0);
    arithmetic.squareRoot(1.0);
    arithmetic.exp(1.0);
    arithmetic.log(1.0);
    arithmetic.compare(1.0, 2.0);
    arithmetic.negate(1.0);
    scope.launch("idle");
    scope.launch("first");
    arithmetic.addProduct(1.0, 2.0, 3.0);
    arithmetic.max(1.0, 2.0);

    OperationCounts first = new OperationCounts(3, 2, 0, 0, 0, 0, 1);
    OperationCounts second = new OperationCounts(0, 0, 1, 1, 1, 1, 1);
    assertEquals(Map.of("first", first, "second", second), arithmetic.counts());
    assertEquals(OperationCounts.NONE, arithmetic.counts("idle"));
    assertEquals(5, first.flops());
    assertEquals(0, second.flops());
    assertEquals(new OperationCounts(3, 2, 1, 1, 1, 1, 2), first.plus(second));
  }

  @Test
  void aMaximumDoesNotHideNaN() {
    assertTrue(Double.isNaN(arithmetic.max(Double.NaN, 1.0)));
    assertTrue(Double.isNaN(arithmetic.max(1.0, Double.NaN)));
  }

  @Test
  void whatIsNotFiniteIsNotConverted() {
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> arithmetic.of(value));
    }
  }

  @Test
  void bytesOfAnotherLengthAreRefused() {
    byte[] seven = new byte[7];
    assertThrows(IllegalArgumentException.class, () -> arithmetic.decode(seven));
  }

  @Test
  void countsAreNotNegative() {
    assertThrows(IllegalArgumentException.class, () -> new OperationCounts(0, 0, -1, 0, 0, 0, 0));
  }
}
