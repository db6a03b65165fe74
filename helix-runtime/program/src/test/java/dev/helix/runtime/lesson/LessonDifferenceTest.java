package dev.helix.runtime.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
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

  @Property(tries = 300, seed = "7321")
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

  /** A reader who adds up the printed parts gets the printed whole, digit for digit. */
  @Property(tries = 200, seed = "7322")
  void thePartsOfADifferenceAddUpAsTheyArePrinted(
      @ForAll("component") double model,
      @ForAll("component") double input,
      @ForAll("component") double merged) {
    String call = "takenApart(%s, %s, %s)".formatted(model, input, merged);
    Value words = SCRIPT.evaluated("apartInWords(" + call + ")");
    Map<String, BigDecimal> printed = new HashMap<>();
    for (String name : words.getMemberKeys()) {
      printed.put(name, new BigDecimal(words.getMember(name).asString().replace('−', '-')));
    }
    assertEquals(printed.get("all"), printed.get("moved").add(printed.get("own")), call);
    assertEquals(printed.get("input"), printed.get("model").add(printed.get("moved")), call);
    assertEquals(printed.get("merged"), printed.get("input").add(printed.get("own")), call);
    int digits = printed.get("model").scale();
    double half = 0.5 * Math.pow(10, -digits);
    // The product with a power of ten is rounded, and the quotient is too.
    double rounding = 4 * Math.ulp(Math.abs(model) + 1);
    assertEquals(model, printed.get("model").doubleValue(), half + rounding, call);
    double larger = Math.max(Math.abs(input - model), Math.abs(merged - input));
    assertTrue(larger == 0 || digits == 17 || 2000 * half <= 2 * larger, call);
  }

  @Provide
  Arbitrary<Double> component() {
    return Arbitraries.oneOf(
        Arbitraries.doubles().ofScale(12).between(-12, 12),
        Arbitraries.of(0.0, 1.0, -3.4205, 1e-7, -8.025140866119923));
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
