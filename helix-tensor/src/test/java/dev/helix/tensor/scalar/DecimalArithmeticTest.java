package dev.helix.tensor.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Against constants as tables have them, and against itself by identities. */
class DecimalArithmeticTest {
  private static final BigDecimal FEW_LAST_DIGITS = new BigDecimal("1e-48");

  private final DecimalArithmetic decimal = new DecimalArithmetic();

  @Test
  void knownConstants() {
    assertEquals(
        new BigDecimal("2.7182818284590452353602874713526624977572470937000"),
        decimal.exp(BigDecimal.ONE));
    assertEquals(
        new BigDecimal("0.69314718055994530941723212145817656807550013436026"),
        decimal.log(BigDecimal.valueOf(2)));
    assertEquals(
        new BigDecimal("1.4142135623730950488016887242096980785696718753769"),
        decimal.squareRoot(BigDecimal.valueOf(2)));
  }

  @Test
  void exponentsAreNotThoseOfDoubles() {
    BigDecimal tiny = decimal.exp(BigDecimal.valueOf(-100_000));
    assertTrue(tiny.signum() > 0);
    assertClose(BigDecimal.ONE, decimal.multiply(tiny, decimal.exp(BigDecimal.valueOf(100_000))));
    assertThrows(ArithmeticException.class, () -> decimal.exp(new BigDecimal("1e10")));
  }

  @Property(tries = 100, seed = "50")
  void theLogarithmUndoesTheExponential(@ForAll @DoubleRange(min = -800, max = 800) double x) {
    BigDecimal exact = new BigDecimal(x);
    BigDecimal error = decimal.log(decimal.exp(exact)).subtract(exact).abs();
    // The exponential is relative, so that its logarithm errs by as much absolutely.
    assertTrue(
        error.compareTo(FEW_LAST_DIGITS.multiply(exact.abs().max(BigDecimal.ONE))) <= 0,
        error::toString);
  }

  @Test
  void whatIsNotANumberIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> decimal.of(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> decimal.of(Double.POSITIVE_INFINITY));
    assertThrows(IllegalArgumentException.class, () -> decimal.decode(new byte[4]));
  }

  private static void assertClose(BigDecimal expected, BigDecimal actual) {
    BigDecimal error = actual.subtract(expected).abs();
    assertTrue(error.compareTo(FEW_LAST_DIGITS) <= 0, error::toString);
  }
}
