package dev.helix.runtime.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.graalvm.polyglot.Value;

/** What the picture says about two outputs: a difference and its steps are of one component. */
class LessonDifferenceTest {
  private static final LessonScript SCRIPT = LessonScript.load();

  /** Pairs of neighbours and of far numbers, so that the two maxima are often apart. */
  @Provide
  Arbitrary<double[]> outputs() {
    Arbitrary<Double> any =
        Arbitraries.oneOf(
            Arbitraries.doubles().ofScale(17).between(-1e-3, 1e-3),
            Arbitraries.doubles().ofScale(15).between(-8, 8),
            Arbitraries.of(0.0, -0.0, 1.0, Math.nextUp(1.0), Double.MIN_VALUE));
    return any.list()
        .ofMinSize(2)
        .ofMaxSize(16)
        .filter(list -> list.size() % 2 == 0)
        .map(list -> list.stream().mapToDouble(Double::doubleValue).toArray());
  }

  @Property(tries = 300)
  void bothMaximaAreFoundWithTheOtherNumberOfTheirComponent(@ForAll("outputs") double[] both) {
    double[] whole = Arrays.copyOf(both, both.length / 2);
    double[] merged = Arrays.copyOfRange(both, both.length / 2, both.length);
    Value found = farthest(whole, merged);
    double largest = 0;
    BigInteger mostSteps = BigInteger.ZERO;
    for (int i = 0; i < whole.length; i++) {
      largest = Math.max(largest, Math.abs(whole[i] - merged[i]));
      mostSteps = mostSteps.max(steps(whole[i], merged[i]));
    }
    assertEquals(largest, found.getMember("largest").getMember("off").asDouble());
    assertEquals(mostSteps, steps(found.getMember("mostSteps")));
    for (String which : found.getMemberKeys()) {
      Value one = found.getMember(which);
      int i = one.getMember("component").asInt();
      assertEquals(Math.abs(whole[i] - merged[i]), one.getMember("off").asDouble(), which);
      assertEquals(steps(whole[i], merged[i]), steps(one), which);
    }
  }

  @Example
  void aSmallDifferenceNearZeroHasMoreSteps() {
    double[] whole = {4, 1e-3};
    double[] merged = {4 + 2 * Math.ulp(4.0), 1e-3 + 19 * Math.ulp(1e-3)};
    Value found = farthest(whole, merged);
    assertEquals(0, found.getMember("largest").getMember("component").asInt());
    assertEquals(BigInteger.TWO, steps(found.getMember("largest")));
    assertEquals(1, found.getMember("mostSteps").getMember("component").asInt());
    assertEquals(BigInteger.valueOf(19), steps(found.getMember("mostSteps")));
  }

  @Example
  void aNumberThatIsNotFiniteComesFirst() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Value found = farthest(new double[] {1, 2, 3}, new double[] {9, bad, 3});
      for (String which : found.getMemberKeys()) {
        assertEquals(1, found.getMember(which).getMember("component").asInt());
        assertTrue(found.getMember(which).getMember("steps").isNull());
      }
    }
  }

  private static BigInteger steps(Value difference) {
    return difference.getMember("steps").asBigInteger();
  }

  /** The doubles between two finite ones; 0 and −0 are one. */
  private static BigInteger steps(double a, double b) {
    return BigInteger.valueOf(place(a)).subtract(BigInteger.valueOf(place(b))).abs();
  }

  private static long place(double x) {
    long bits = Double.doubleToRawLongBits(x);
    return bits < 0 ? -(bits & Long.MAX_VALUE) : bits;
  }

  private static Value farthest(double[] whole, double[] merged) {
    return SCRIPT.evaluated("farthest(" + array(whole) + ", " + array(merged) + ")");
  }

  private static String array(double[] numbers) {
    return Arrays.stream(numbers)
        .mapToObj(Double::toString)
        .collect(Collectors.joining(",", "Float64Array.of(", ")"));
  }
}
