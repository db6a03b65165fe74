package dev.helix.laws.algebra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.LogBase;
import dev.helix.tensor.compare.Rounding;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The forms of a partial state and what is not finite; that its merge is right to the last digits
 * is for the law suite, which has 50 of them.
 */
class PartialStateTest {
  private static final double NONE = Double.NEGATIVE_INFINITY;
  private static final double[] POISON = {Double.NaN, Double.POSITIVE_INFINITY};

  @Property(tries = 200, seed = "31")
  void mergingTokensOneByOneIsTheirTextbookSoftmax(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int tokens) {
    SplittableRandom random = new SplittableRandom(seed);
    double spread = random.nextBoolean() ? 1 : 300;
    double[] scores = random.doubles(tokens, -spread, spread).toArray();
    double[] values = random.doubles(tokens, 0, 1).toArray();
    PartialState fold = PartialState.empty(1);
    List<PartialState> all = new ArrayList<>();
    for (int j = 0; j < tokens; j++) {
      all.add(PartialState.ofToken(scores[j], new double[] {values[j]}));
      fold = fold.merge(all.get(j));
    }
    double most = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      most = Math.max(most, score);
    }
    double sum = 0;
    double weighted = 0;
    for (int j = 0; j < tokens; j++) {
      sum += StrictMath.exp(scores[j] - most);
      weighted += StrictMath.exp(scores[j] - most) * values[j];
    }
    // Each weight passes up to t rescalings of two roundings and an exponential, whose exponents'
    // roundings are of gaps that add up to at most 2·spread; values and weights are positive.
    double relative = Rounding.gamma(8L * tokens + (long) (4 * spread) + 8);
    double expectedLse = most + StrictMath.log(sum);
    for (PartialState merged : List.of(fold, PartialState.merge(1, all))) {
      assertEquals(weighted / sum, merged.output()[0], relative * weighted / sum);
      double lseError = relative + 4 * Rounding.UNIT * (spread + 4);
      assertEquals(expectedLse, merged.lse(LogBase.E), lseError);
      assertTrue(merged.isFinite());
    }
  }

  @Property(tries = 100, seed = "32")
  void aStateIsTheSameAtEveryValidReference(
      @ForAll @IntRange(min = -300, max = 300) int powers,
      @ForAll @IntRange(min = 1, max = 9) int sum) {
    PartialState state = PartialState.of(new MaxSum(0, sum), new double[] {2.0 * sum, -sum});
    double other = powers * LogBase.TWO.nats();
    PartialState moved = state.at(other);
    assertEquals(other, moved.weight().reference());
    double relative = Rounding.gamma(2L * Math.abs(powers) + 8);
    assertEquals(
        Math.scalb((double) sum, -powers),
        moved.weight().sum(),
        relative * Math.scalb(10.0, -powers));
    assertEquals(
        Math.scalb(2.0 * sum, -powers), moved.weighted()[0], Math.scalb(relative, 6 - powers));
    assertArrayEquals(state.output(), moved.output(), 4 * Rounding.UNIT);
    assertEquals(
        state.lse(LogBase.E), moved.lse(LogBase.E), relative + Rounding.UNIT * Math.abs(other));
    assertEquals(state.weight().at(other), moved.weight());
  }

  @Example
  void theThreeFormsDescribeOneState() {
    MaxSum pair = new MaxSum(3, 8);
    PartialState direct = PartialState.of(pair, new double[] {8, 16});
    assertArrayEquals(new double[] {1, 2}, direct.output());
    assertEquals(3 + Math.log(8), direct.lse(LogBase.E));
    assertEquals(3 / LogBase.TWO.nats() + 3, direct.lse(LogBase.TWO), 4 * Math.ulp(8.0));
    PartialState ofPair = PartialState.ofFinished(new double[] {1, 2}, pair);
    assertArrayEquals(new double[] {8, 16}, ofPair.weighted());
    assertEquals(pair, ofPair.weight());
    PartialState ofLse =
        PartialState.ofFinished(new double[] {1, 2}, direct.lse(LogBase.E), LogBase.E);
    assertEquals(direct.lse(LogBase.E), ofLse.lse(LogBase.E));
    assertArrayEquals(new double[] {1, 2}, ofLse.output());
    PartialState ofLog2 = PartialState.ofFinished(new double[] {1, 2}, 10, LogBase.TWO);
    assertEquals(10 * Math.log(2), ofLog2.lse(LogBase.E));
    assertEquals(10, ofLog2.lse(LogBase.TWO), Math.ulp(10.0));
  }

  @Example
  void weightsAreThoseOfTheSums() {
    PartialState a = PartialState.of(new MaxSum(5, 1), new double[] {1});
    PartialState b = PartialState.of(new MaxSum(5, 3), new double[] {15});
    assertArrayEquals(new double[] {4}, a.merge(b).output());
    assertEquals(new MaxSum(5, 4), b.merge(a).weight());
    assertEquals(5 + Math.log(4), a.merge(b).lse(LogBase.E));
    assertEquals("(m 5.0, l 4.0, o [16.0])", a.merge(b).toString());
  }

  @Example
  void theHeaviestStateGivesTheReferenceNotTheOneWithTheGreatestReference() {
    PartialState heavy = PartialState.of(new MaxSum(0, 1e300), new double[] {1e300});
    PartialState high = PartialState.of(new MaxSum(600, 1e-300), new double[] {1e-300});
    assertEquals(0, heavy.merge(high).weight().reference());
    assertEquals(0, high.merge(heavy).weight().reference());
    PartialState first = PartialState.of(new MaxSum(1, 1), new double[] {1});
    PartialState second = PartialState.of(new MaxSum(1, 1), new double[] {2});
    assertArrayEquals(new double[] {1.5}, first.merge(second).output());
  }

  @Example
  void ofEquallyHeavyStatesTheFirstGivesTheReference() {
    PartialState low = PartialState.of(new MaxSum(0, 4), new double[] {4});
    PartialState high = PartialState.of(new MaxSum(StrictMath.log(4), 1), new double[] {2});
    assertEquals(low.lse(LogBase.E), high.lse(LogBase.E));
    assertEquals(low.weight().reference(), low.merge(high).weight().reference());
    assertEquals(high.weight().reference(), high.merge(low).weight().reference());
  }

  @Example
  void aProductInsideTheRangeIsKeptWhereExpAloneIsNot() {
    assertEquals(Math.exp(-700), PartialState.scaled(Math.exp(300), -1000), 1e-12 * Math.exp(-700));
    assertEquals(Math.exp(650), PartialState.scaled(Math.exp(-300), 950), 1e-12 * Math.exp(650));
    assertEquals(0.0, PartialState.scaled(1, -1e5));
    // exp(700) exactly as StrictMath has it: one exponential, not two halves.
    assertEquals(StrictMath.exp(700), PartialState.scaled(1, 700));
    assertEquals(StrictMath.exp(-700), PartialState.scaled(1, -700));
  }

  @Example
  void noTokensAreTheIdentityWhateverTheirPayload() {
    PartialState x = PartialState.ofFinished(new double[] {0.1, -0.0}, 0.7, LogBase.E);
    for (PartialState none :
        List.of(
            PartialState.empty(2),
            PartialState.ofFinished(POISON, NONE, LogBase.E),
            PartialState.ofFinished(POISON, MaxSum.EMPTY),
            PartialState.ofToken(NONE, POISON),
            PartialState.of(new MaxSum(3, 0), POISON))) {
      assertTrue(none.isEmpty() && none.isFinite());
      assertSame(x, x.merge(none));
      assertSame(x, none.merge(x));
      assertTrue(none.merge(none).isEmpty());
      assertArrayEquals(new double[2], none.merge(none).output());
      assertEquals(NONE, none.merge(none).lse(LogBase.TWO));
      assertEquals(MaxSum.EMPTY, none.weight());
      assertTrue(none.at(4).isEmpty());
    }
    assertEquals(MaxSum.EMPTY, MaxSum.EMPTY.at(4));
    assertEquals(MaxSum.EMPTY, new MaxSum(7, 0).at(4));
    assertTrue(PartialState.merge(3, List.of()).isEmpty());
    assertEquals(3, PartialState.merge(3, List.of()).dim());
    assertFalse(x.isEmpty());
  }

  @Example
  void nanInWhatHasWeightIsNeverLost() {
    PartialState heavy = PartialState.ofFinished(new double[] {1}, 5000, LogBase.E);
    PartialState payload = PartialState.ofFinished(new double[] {Double.NaN}, -5000, LogBase.E);
    assertFalse(payload.isFinite());
    assertTrue(Double.isNaN(heavy.merge(payload).output()[0]));
    assertEquals(5000, heavy.merge(payload).lse(LogBase.E));
    PartialState weight = PartialState.ofFinished(new double[] {1}, Double.NaN, LogBase.E);
    PartialState sum = PartialState.of(new MaxSum(0, Double.NaN), new double[] {1});
    for (PartialState bad : List.of(weight, sum)) {
      for (PartialState merged :
          List.of(
              heavy.merge(bad),
              bad.merge(heavy),
              bad.merge(bad),
              bad.merge(PartialState.empty(1)),
              PartialState.merge(1, List.of(heavy, bad, heavy)))) {
        assertFalse(merged.isFinite());
        assertTrue(Double.isNaN(merged.output()[0]), merged::toString);
        assertTrue(Double.isNaN(merged.lse(LogBase.E)), merged::toString);
      }
    }
    PartialState infinite = PartialState.ofFinished(POISON, 0, LogBase.E);
    assertFalse(infinite.isFinite());
  }

  @Example
  void aWeightThatIsNoNumberIsReportedWhateverThePayload() {
    for (MaxSum weight : List.of(new MaxSum(Double.NaN, 1), new MaxSum(0, Double.NaN))) {
      assertFalse(PartialState.of(weight, new double[0]).isFinite());
      assertTrue(Double.isNaN(PartialState.of(weight, new double[] {1}).weighted()[0]));
    }
    PartialState half = PartialState.of(new MaxSum(0, Double.MAX_VALUE), new double[] {1});
    assertTrue(half.isFinite());
    assertFalse(half.merge(half).isFinite());
    assertEquals(NONE, new MaxSum(Double.NaN, 0).lse(LogBase.E));
  }

  @Example
  void whatNoScoresCanGiveIsRefused() {
    double infinity = Double.POSITIVE_INFINITY;
    assertThrows(
        IllegalArgumentException.class,
        () -> PartialState.ofFinished(new double[1], infinity, LogBase.E));
    assertThrows(IllegalArgumentException.class, () -> new MaxSum(infinity, 1));
    assertThrows(IllegalArgumentException.class, () -> new MaxSum(0, -1));
    assertThrows(IllegalArgumentException.class, () -> new MaxSum(0, infinity));
    assertThrows(IllegalArgumentException.class, () -> new MaxSum(NONE, 1));
    assertThrows(IllegalArgumentException.class, () -> MaxSum.EMPTY.at(NONE));
    PartialState one = PartialState.ofToken(0, new double[] {1});
    assertThrows(ArithmeticException.class, () -> one.at(-2000));
    assertThrows(ArithmeticException.class, () -> one.at(2000));
    assertThrows(IllegalArgumentException.class, () -> one.merge(PartialState.empty(2)));
    assertTrue(new MaxSum(7, 0).isEmpty());
  }

  @Example
  void aStateSharesNoArrayWithAnybody() {
    double[] given = {1, 2};
    PartialState state = PartialState.ofFinished(given, 0, LogBase.E);
    PartialState other = PartialState.of(new MaxSum(0, 1), given);
    given[0] = 9;
    state.weighted()[1] = 9;
    state.output()[1] = 9;
    assertArrayEquals(new double[] {1, 2}, state.output());
    assertArrayEquals(new double[] {1, 2}, other.output());
    assertEquals(2, state.dim());
  }

  @Example
  void basesAreConvertedBothWays() {
    assertEquals(1.5, LogBase.E.toNatural(1.5));
    assertEquals(1.5, LogBase.E.fromNatural(1.5));
    assertEquals(Math.log(2), LogBase.TWO.toNatural(1));
    assertEquals(1, LogBase.E.nats());
    assertEquals(1, LogBase.TWO.fromNatural(Math.log(2)), Math.ulp(1.0));
  }

  private static void assertSame(PartialState expected, PartialState actual) {
    assertArrayEquals(expected.weighted(), actual.weighted());
    assertEquals(expected.weight(), actual.weight());
  }
}
