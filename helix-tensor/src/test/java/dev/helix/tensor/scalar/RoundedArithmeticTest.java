package dev.helix.tensor.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.tensor.DType;
import java.nio.ByteBuffer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** In single precision the arithmetic is that of the machine's floats, bit for bit. */
class RoundedArithmeticTest {
  private final RoundedArithmetic single = new RoundedArithmetic(DType.F32);

  @Property(tries = 5000, seed = "24")
  void singlePrecisionIsThatOfFloats(@ForAll("floats") float a, @ForAll("floats") float b) {
    assertSame(a + b, single.add((double) a, (double) b));
    assertSame(a - b, single.subtract((double) a, (double) b));
    assertSame(a * b, single.multiply((double) a, (double) b));
    assertSame(a / b, single.divide((double) a, (double) b));
    float magnitude = Math.abs(a);
    assertSame((float) Math.sqrt(magnitude), single.squareRoot((double) magnitude));
  }

  /** Any bits that are a finite number: subnormals and both zeros as likely as their exponents. */
  @Provide
  Arbitrary<Float> floats() {
    Arbitrary<Float> anyBits =
        Arbitraries.integers()
            .map(bits -> ByteBuffer.allocate(Float.BYTES).putInt(bits).getFloat(0))
            .filter(Float::isFinite);
    Arbitrary<Float> near = Arbitraries.floats().between(-4, 4);
    return Arbitraries.oneOf(anyBits, near);
  }

  @Test
  void whatIsGivenIsPutIntoTheFormat() {
    assertEquals(1.0, new RoundedArithmetic(DType.BF16).of(1.001));
    assertThrows(IllegalArgumentException.class, () -> new RoundedArithmetic(DType.F64));
  }

  @Test
  void theHyperbolicTangentDoesNotCancel() {
    assertSame(2e-8f, single.tanh(single.of(2e-8)));
    assertThrows(IllegalArgumentException.class, () -> new RoundedArithmetic(DType.FP8));
  }

  private static void assertSame(float expected, double actual) {
    assertEquals(Double.doubleToLongBits(expected), Double.doubleToLongBits(actual));
  }
}
