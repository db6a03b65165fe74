package dev.helix.attention.rotary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.rotary.RopeParameters.Llama3Scaling;
import dev.helix.tensor.InvalidInputException;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RotaryEmbeddingTest {
  /** Unit roundoff of binary64. */
  private static final double EPSILON = 0x1p-53;

  private static final Llama3Scaling LLAMA_31 = new Llama3Scaling(8, 1, 4, 8192);

  private record Turned(RotaryEmbedding rotary, int headDim) {}

  /** |cos² + sin² − 1| ≤ 2·(cos² + sin²)·2ε from the functions, and 2ε from the arithmetic. */
  @Property(seed = "20250160", tries = 300, edgeCases = EdgeCasesMode.NONE)
  void turningPreservesTheNormOfEveryPair(
      @ForAll("embeddings") Turned turned, @ForAll("positions") int position) {
    double[] cosines = turned.rotary().cosines(position);
    double[] sines = turned.rotary().sines(position);
    assertEquals(turned.headDim() / 2, cosines.length);
    assertEquals(turned.headDim() / 2, sines.length);
    assertEquals(turned.headDim() / 2, turned.rotary().pairs());
    for (int i = 0; i < cosines.length; i++) {
      assertEquals(1.0, cosines[i] * cosines[i] + sines[i] * sines[i], 8 * EPSILON);
    }
  }

  /**
   * q at m times k at n depends on m − n alone: shifting both changes nothing but rounding. Each of
   * the four angles of pair i carries an error of at most ε of itself, each function 2ε.
   */
  @Property(seed = "20250161", tries = 500, edgeCases = EdgeCasesMode.NONE)
  void scoresDependOnRelativePositionsAlone(
      @ForAll("embeddings") Turned turned,
      @ForAll("positions") int query,
      @ForAll("positions") int key,
      @ForAll @IntRange(max = 100_000) int shift,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] q = random.doubles(turned.headDim(), -1, 1).toArray();
    double[] k = random.doubles(turned.headDim(), -1, 1).toArray();
    double there = dot(turned(q, turned, query), turned(k, turned, key));
    double shifted = dot(turned(q, turned, query + shift), turned(k, turned, key + shift));
    double bound = 0;
    int half = turned.headDim() / 2;
    double[] frequencies = frequencies(turned.rotary());
    for (int i = 0; i < half; i++) {
      double weight = Math.hypot(q[i], q[i + half]) * Math.hypot(k[i], k[i + half]);
      double angles = 2 * frequencies[i] * ((double) query + key + shift);
      bound += weight * EPSILON * (angles + 4 * turned.headDim() + 32);
    }
    assertEquals(there, shifted, bound);
  }

  /** What the law above cannot see: by which angle, and in which direction. */
  @ParameterizedTest
  @CsvSource({
    "3, 0, -0.98999249660044545727, 0.1411200080598672221",
    "3, 1, 0.95533648912560601964, 0.29552020666133957511",
    "3, 2, 0.99955003374898751627, 0.029995500202495660769",
    "3, 3, 0.99999550000337499899, 0.0029999955000020249996",
    "1000003, 0, -0.87798649158500287242, 0.47868540879606689794",
    "1000003, 1, -0.96529033731233749736, -0.26117918119833689134",
    "1000003, 2, -0.94255987401379477676, -0.3340372492688492337",
    "1000003, 3, 0.55989591068611796201, 0.82856295427502828834",
  })
  void headSizeEightWithThetaTenThousandTurnsByTenthsOfThePairBefore(
      int position, int pair, double cosine, double sine) {
    RotaryEmbedding rotary = new RotaryEmbedding(RopeParameters.of(1e4), 8);
    double bound = 4 * EPSILON * (1 + position * Math.pow(0.1, pair));
    assertEquals(cosine, rotary.cosines(position)[pair], bound);
    assertEquals(sine, rotary.sines(position)[pair], bound);
  }

  @Test
  void positionZeroTurnsNothing() {
    RotaryEmbedding rotary = new RotaryEmbedding(RopeParameters.of(5e5), 6);
    assertArrayEquals(new double[] {1, 1, 1}, rotary.cosines(0));
    assertArrayEquals(new double[] {0, 0, 0}, rotary.sines(0));
  }

  /** {@link Math} may take the processor's own functions, whose last bit differs. */
  @Test
  void theBitsAreThoseOfStrictMath() {
    RotaryEmbedding rotary = new RotaryEmbedding(RopeParameters.of(1e4), 2);
    for (int position = 0; position < 50_000; position++) {
      assertEquals(StrictMath.cos(position), rotary.cosines(position)[0]);
      assertEquals(StrictMath.sin(position), rotary.sines(position)[0]);
    }
  }

  /** Llama 3.1: pairs 0 to 28 stay, 29 to 34 are between, 35 to 63 are slowed by 8. */
  @ParameterizedTest
  @CsvSource({
    "0, 1.0",
    "1, 0.8146172338565447041",
    "10, 0.12868737343265051483",
    "28, 0.0032114459947525910185",
    "29, 0.0021665707635033586093",
    "30, 0.0013718935677611381604",
    "31, 0.00085675141291963208107",
    "34, 0.00017850781276799641852",
    "35, 0.000095562123539646830199",
    "36, 0.000077846552739324497444",
    "63, 3.0689259889145110891e-7",
  })
  void theFrequenciesOfLlama31AreThoseOfItsFormula(int pair, double frequency) {
    RopeParameters parameters = new RopeParameters(5e5, Optional.of(LLAMA_31));
    double found = frequencies(new RotaryEmbedding(parameters, 128))[pair];
    // Cancellation in the interpolation magnifies at most by the factor's 8.
    assertEquals(frequency, found, 64 * EPSILON * frequency);
  }

  /**
   * θ = 256 and head size 8 give frequencies 1, 1/4, 1/16, 1/64. With a context of 2π·40 tokens,
   * context/λ is 40·frequency: 40, 10, 5/2, 5/8.
   */
  @Test
  void eachOfTheThreeBandsIsScaledByItsOwnRule() {
    int context = 251; // 2π·40 = 251.33
    double perFrequency = context / (2 * Math.PI);
    RopeParameters parameters =
        new RopeParameters(256, Optional.of(new Llama3Scaling(4, 1, 9, context)));
    double smooth = (perFrequency / 16 - 1) / 8;
    double between = (smooth + (1 - smooth) / 4) / 16;
    double[] expected = {1, 1.0 / 4, between, 1.0 / 64 / 4};
    assertArrayEquals(
        expected, frequencies(new RotaryEmbedding(parameters, 8)), 1e-14, "frequencies");
  }

  @Property(seed = "20250162", tries = 300)
  void scalingSlowsAPairByAtMostTheFactorAndKeepsTheirOrder(
      @ForAll("scalings") Llama3Scaling scaling, @ForAll("thetas") double theta) {
    double[] plain = frequencies(new RotaryEmbedding(RopeParameters.of(theta), 64));
    double[] scaled =
        frequencies(new RotaryEmbedding(new RopeParameters(theta, Optional.of(scaling)), 64));
    for (int i = 0; i < plain.length; i++) {
      double slack = 32 * EPSILON * plain[i];
      assertTrue(scaled[i] <= plain[i] + slack, "a pair turns faster");
      assertTrue(scaled[i] >= plain[i] / scaling.factor() - slack, "a pair is too slow");
      assertTrue(i == 0 || scaled[i] <= scaled[i - 1] + slack, "a later pair is faster");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, -1, 0, 1, 7})
  void aHeadThatIsNoWholeNumberOfPairsIsRefused(int headDim) {
    Exception refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new RotaryEmbedding(RopeParameters.of(1e4), headDim));
    assertTrue(refusal.getMessage().contains(String.valueOf(headDim)), refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void baseAndFactorsArePositiveAndFinite(double wrong) {
    assertRefused("rope_theta", () -> RopeParameters.of(wrong));
    assertRefused("factor must", () -> new Llama3Scaling(wrong, 1, 4, 8192));
    assertRefused("low_freq_factor must", () -> new Llama3Scaling(8, wrong, 4, 8192));
    assertRefused("high_freq_factor must", () -> new Llama3Scaling(8, 1, wrong, 8192));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-320, 1e-30, 0.5, 0x1.fffffffffffffp-1})
  void noPairTurnsFasterThanAPositionAndNoContextIsShortened(double small) {
    assertRefused(
        "rope_theta must be at least 1 and finite, got " + small, () -> RopeParameters.of(small));
    String factor = "rope_scaling: factor must be at least 1 and finite, got " + small;
    assertRefused(factor, () -> new Llama3Scaling(small, 1, 4, 8192));
    assertRefused(factor, () -> new YarnScaling(small, 32, 1, 1, 1, 4096));
  }

  @Test
  void theBandsOfTheScalingMustNotCross() {
    assertRefused("original_max_position_embeddings", () -> new Llama3Scaling(8, 1, 4, 0));
    assertRefused(
        "low_freq_factor (4.0) must be less than high_freq_factor (4.0)",
        () -> new Llama3Scaling(8, 4, 4, 8192));
    assertRefused("must be less than", () -> new Llama3Scaling(8, 5, 4, 8192));
  }

  private static void assertRefused(String message, Runnable call) {
    Exception refusal = assertThrows(InvalidInputException.class, call::run);
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  /** (a, b) → (a·cos − b·sin, b·cos + a·sin) for components i and i + d/2. */
  private static double[] turned(double[] x, Turned by, int position) {
    double[] cosines = by.rotary().cosines(position);
    double[] sines = by.rotary().sines(position);
    int half = x.length / 2;
    double[] y = new double[x.length];
    for (int i = 0; i < half; i++) {
      y[i] = x[i] * cosines[i] - x[i + half] * sines[i];
      y[i + half] = x[i + half] * cosines[i] + x[i] * sines[i];
    }
    return y;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  /** At position 1 the angles are the frequencies; all are below π. */
  private static double[] frequencies(RotaryEmbedding rotary) {
    double[] cosines = rotary.cosines(1);
    double[] sines = rotary.sines(1);
    double[] frequencies = new double[rotary.pairs()];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = StrictMath.atan2(sines[i], cosines[i]);
    }
    return frequencies;
  }

  @Provide
  Arbitrary<Integer> positions() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(0, 40), Arbitraries.integers().between(0, 1_100_000));
  }

  @Provide
  Arbitrary<Double> thetas() {
    return Arbitraries.of(2.0, 1e4, 5e5, 1e6, 1e7);
  }

  @Provide
  Arbitrary<Llama3Scaling> scalings() {
    return Combinators.combine(
            Arbitraries.of(1.0, 2.0, 8.0, 32.0),
            Arbitraries.of(0.5, 1.0, 2.0),
            Arbitraries.of(1.0625, 2.0, 4.0),
            Arbitraries.of(16, 512, 8192, 131_072))
        .as((factor, low, ratio, context) -> new Llama3Scaling(factor, low, low * ratio, context));
  }

  @Provide
  Arbitrary<Turned> embeddings() {
    return Combinators.combine(thetas(), scalings().optional(), Arbitraries.of(2, 6, 32, 128))
        .as(
            (theta, scaling, headDim) ->
                new Turned(
                    new RotaryEmbedding(new RopeParameters(theta, scaling), headDim), headDim));
  }
}
