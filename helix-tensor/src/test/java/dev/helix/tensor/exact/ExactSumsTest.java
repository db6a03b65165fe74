package dev.helix.tensor.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.exact.definition.Dyadic;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** {@link ExactSums} against exact decimal numbers, and as the monoid that it is. */
class ExactSumsTest {
  @Property(tries = 400, seed = "1")
  void aSumIsTheMathematicalSumRoundedOnce(@ForAll long seed, @ForAll @IntRange(max = 60) int n) {
    List<Double> terms = new HardDoubles(seed).cancelling(n);
    BigDecimal exact = BigDecimal.ZERO;
    for (double term : terms) {
      exact = exact.add(new BigDecimal(term));
    }
    assertSameBits(exact.doubleValue(), sumOf(terms).round(0), terms);
  }

  @Property(tries = 300, seed = "2")
  void neitherOrderNorGroupingShows(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int n) {
    List<Double> terms = new HardDoubles(seed).cancelling(n);
    ExactSums whole = sumOf(terms);
    List<Double> shuffled = new ArrayList<>(terms);
    Collections.shuffle(shuffled, new Random(seed));
    SplittableRandom random = new SplittableRandom(seed);
    List<ExactSums> parts = new ArrayList<>();
    int from = 0;
    while (from < shuffled.size()) {
      int to = Math.min(shuffled.size(), from + random.nextInt(0, 9));
      parts.add(sumOf(shuffled.subList(from, to)));
      from = to;
    }
    while (parts.size() > 1) {
      ExactSums left = parts.remove(random.nextInt(parts.size()));
      parts.get(random.nextInt(parts.size())).add(left);
    }
    assertEquals(whole, parts.get(0));
    assertEquals(whole.hashCode(), parts.get(0).hashCode());
  }

  @Property(tries = 300, seed = "3")
  void aQuotientIsTheMathematicalQuotientRoundedOnce(@ForAll long seed) {
    HardDoubles hard = new HardDoubles(seed);
    SplittableRandom random = new SplittableRandom(seed);
    ExactSums dividend = new ExactSums(1);
    ExactSums divisor = new ExactSums(1);
    Dyadic n = Dyadic.ZERO;
    Dyadic d = Dyadic.ZERO;
    int gap = random.nextInt(-600, 600);
    for (int i = 0; i < random.nextInt(1, 6); i++) {
      double value = hard.anyExponent(-30, 30);
      double weight = Math.abs(hard.anyExponent(-30, 30));
      dividend.add(0, value, gap);
      divisor.add(0, weight, 0);
      n = n.plus(Dyadic.of(value).timesPowerOfTwo(gap));
      d = d.plus(Dyadic.of(weight));
    }
    assertSameBits(n.nearestQuotient(d), dividend.roundQuotient(0, divisor, 0), seed);
  }

  @Property(tries = 300, seed = "4")
  void aTieGoesToEvenAndTheLeastTermBreaksIt(
      @ForAll @IntRange(min = -900, max = 900) int exponent,
      @ForAll @IntRange(min = 54, max = 120) int below) {
    ExactSums tie = new ExactSums(1);
    tie.add(0, 1, exponent);
    tie.add(0, 1, exponent - 53);
    assertSameBits(Math.scalb(1.0, exponent), tie.round(0), exponent);
    tie.add(0, 1, exponent - 53 - below);
    assertSameBits(Math.scalb(Math.nextUp(1.0), exponent), tie.round(0), exponent);
    tie.add(0, -2, exponent - 53 - below);
    assertSameBits(Math.scalb(1.0, exponent), tie.round(0), exponent);
  }

  @Example
  void threeNumbersThatPlainAdditionTakesInOrder() {
    // (1 + 2⁻⁵³) + 2⁻⁵³ loses both small terms, 1 + (2⁻⁵³ + 2⁻⁵³) neither.
    double tiny = 0x1p-53;
    assertSameBits(1.0, (1.0 + tiny) + tiny, "left");
    assertSameBits(0x1.0000000000001p0, 1.0 + (tiny + tiny), "right");
    for (List<Double> order :
        List.of(List.of(1.0, tiny, tiny), List.of(tiny, 1.0, tiny), List.of(tiny, tiny, 1.0))) {
      assertSameBits(0x1.0000000000001p0, sumOf(order).round(0), order);
    }
  }

  @Example
  void aSumThatIsZeroIsPositiveZero() {
    assertSameBits(0.0, new ExactSums(1).round(0), "of nothing");
    assertSameBits(0.0, sumOf(List.of(-0.0, -0.0)).round(0), "of negative zeros");
    assertSameBits(0.0, sumOf(List.of(1e300, -1e300)).round(0), "cancelled");
  }

  @Example
  void placesFarApartDecideOneSubnormal() {
    for (double sign : new double[] {1, -1}) {
      ExactSums sums = new ExactSums(1);
      sums.add(0, sign * 1.5, 400_000);
      sums.add(0, sign, -400_000);
      // A tie, 1.5 units of the least subnormal, but for what stands 800000 bits below.
      assertSameBits(sign * 2 * Double.MIN_VALUE, sums.round(0, 400_000 + 1074), sums);
      sums.add(0, -sign * 2, -400_000);
      assertSameBits(sign * Double.MIN_VALUE, sums.round(0, 400_000 + 1074), sums);
    }
  }

  @Example
  void whatRoundsToZeroKeepsItsSign() {
    ExactSums sums = new ExactSums(2);
    sums.add(0, -1, -1076);
    sums.add(1, 1, -1076);
    assertSameBits(-0.0, sums.round(0), "negative");
    assertSameBits(0.0, sums.round(1), "positive");
    sums.add(0, -1, -1076);
    assertSameBits(-0.0, sums.round(0), "tie to even");
    sums.add(0, -1, -1200);
    assertSameBits(-Double.MIN_VALUE, sums.round(0), "beyond the tie");
  }

  @Example
  void carryingKeepsTheSumOfVeryManyTerms() {
    ExactSums sums = new ExactSums(1);
    double term = Math.nextDown(2.0);
    int terms = 5000;
    for (int i = 0; i < terms; i++) {
      sums.add(0, term, 0);
    }
    BigDecimal exact = new BigDecimal(term).multiply(BigDecimal.valueOf(terms));
    assertSameBits(exact.doubleValue(), sums.round(0), terms);
  }

  @Example
  void addingSumsToEachOtherVeryOftenOverflowsNoDigit() {
    double term = Math.nextDown(2.0);
    ExactSums a = sumOf(List.of(term));
    ExactSums b = sumOf(List.of(term));
    Dyadic first = Dyadic.of(term);
    Dyadic second = Dyadic.of(term);
    for (int i = 0; i < 100; i++) {
      a.add(b);
      first = first.plus(second);
      b.add(a);
      second = second.plus(first);
    }
    assertSameBits(first.nearest(), a.round(0), "Fibonacci's");
  }

  @Example
  void whatNoDoubleHoldsIsAnErrorAndTheLargestDoubleIsNot() {
    ExactSums sums = sumOf(List.of(Double.MAX_VALUE, 1.0));
    assertSameBits(Double.MAX_VALUE, sums.round(0), "largest");
    sums.add(0, Double.MAX_VALUE, 0);
    assertRange("rounds to no finite double", () -> sums.round(0));
    assertRange("NaN", () -> sums.add(0, Double.NaN, 0));
    assertRange("Infinity", () -> sums.add(0, Double.NEGATIVE_INFINITY, 0));
    assertRange("range of 2^±1048560", () -> sums.add(0, 1, 1 << 21));
  }

  private static void assertRange(String words, org.junit.jupiter.api.function.Executable action) {
    ExactRangeException thrown = assertThrows(ExactRangeException.class, action);
    assertTrue(thrown.getMessage().contains(words), thrown.getMessage());
  }

  private static ExactSums sumOf(List<Double> terms) {
    ExactSums sums = new ExactSums(1);
    for (double term : terms) {
      sums.add(0, term, 0);
    }
    return sums;
  }

  private static void assertSameBits(double expected, double actual, Object of) {
    assertEquals(
        Double.doubleToRawLongBits(expected),
        Double.doubleToRawLongBits(actual),
        () -> "expected %s, got %s of %s".formatted(expected, actual, of));
  }
}
