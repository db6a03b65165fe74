package dev.helix.attention.exact;

import static dev.helix.tensor.compare.Rounding.UNIT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.obermuhlner.math.big.BigDecimalMath;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.convention.LogBase;
import dev.helix.tensor.exact.ExactRangeException;
import dev.helix.tensor.exact.ExactSums;
import dev.helix.tensor.exact.ExactTensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The laws of the merge with equality of bits, on scores and values that break rounded merges. */
abstract class ExactMergeContract {
  private static final MathContext DIGITS = new MathContext(50);

  private final ExactProblem.Kind kind;

  ExactMergeContract(ExactProblem.Kind kind) {
    this.kind = kind;
  }

  @Property(tries = 250, seed = "1")
  void anyPartitionAndPermutationOfTheTokensGivesTheDefinition(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int tokens,
      @ForAll @IntRange(min = 1, max = 12) int shards) {
    ExactProblem problem = problem(seed, tokens);
    assertSame(problem.defined(), problem.merged(states(problem, deal(seed, tokens, shards))));
  }

  @Property(tries = 12, seed = "2")
  void upTo256ShardsGiveTheDefinitionAlsoWhereOneAloneLives(
      @ForAll long seed, @ForAll @IntRange(min = 100, max = 256) int shards) {
    ExactProblem problem = problem(seed, 30);
    assertSame(problem.defined(), problem.merged(states(problem, deal(seed, 30, shards))));
    List<List<Integer>> lonely = new ArrayList<>(Collections.nCopies(shards, List.of()));
    lonely.set(shards / 2, IntStream.range(0, 30).boxed().toList());
    assertSame(problem.defined(), problem.merged(states(problem, lonely)));
  }

  @Property(tries = 150, seed = "3")
  void anyBracketingInAnyOrderIsTheSameState(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 9) int shards) {
    ExactProblem problem = problem(seed, 20);
    List<PartialAttention<ExactTensor>> parts = states(problem, deal(seed, 20, shards));
    PartialAttention<ExactTensor> fold = parts.get(0);
    for (PartialAttention<ExactTensor> part : parts.subList(1, shards)) {
      fold = problem.plus(fold, part);
    }
    SplittableRandom random = new SplittableRandom(seed);
    List<PartialAttention<ExactTensor>> rest = new ArrayList<>(parts);
    while (rest.size() > 1) {
      PartialAttention<ExactTensor> x = rest.remove(random.nextInt(rest.size()));
      PartialAttention<ExactTensor> y = rest.remove(random.nextInt(rest.size()));
      rest.add(problem.plus(x, y));
    }
    assertEquals(fold.output().sums("test"), rest.get(0).output().sums("test"));
    assertEquals(fold.lse().sums("test"), rest.get(0).lse().sums("test"));
    assertSame(problem.merged(parts), problem.merged(rest));
  }

  @Property(tries = 60, seed = "4")
  void theEmptyStateIsTheIdentity(@ForAll long seed) {
    ExactProblem problem = problem(seed, 10);
    PartialAttention<ExactTensor> all = problem.partial(IntStream.range(0, 10).boxed().toList());
    PartialAttention<ExactTensor> none = problem.partial(List.of());
    double[] expected = problem.merged(List.of(all));
    assertSame(expected, problem.merged(List.of(none, all)));
    assertSame(expected, problem.merged(List.of(all, none, none)));
    assertSame(new double[2 * ExactProblem.DIM], problem.merged(List.of(none, none)));
    assertEquals(none.output().sums("test"), problem.plus(none, none).output().sums("test"));
  }

  @Property(tries = 60, seed = "5")
  void copiesOfAStateChangeNoBitOfTheOutput(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 7) int copies) {
    ExactProblem problem = problem(seed, 10);
    PartialAttention<ExactTensor> all = problem.partial(IntStream.range(0, 10).boxed().toList());
    assertSame(problem.merged(List.of(all)), problem.merged(Collections.nCopies(copies, all)));
  }

  @Property(tries = 100, seed = "6")
  void ifEveryValueIsTheSameSoIsTheOutput(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int tokens) {
    ExactProblem given = problem(seed, tokens);
    double[] value = given.values()[0];
    double[][] values = new double[tokens][];
    Arrays.fill(values, value);
    ExactProblem problem = new ExactProblem(kind, given.scores(), values, 2);
    double[] output = problem.merged(states(problem, deal(seed, tokens, 3)));
    for (int i = 0; i < output.length; i++) {
      // A zero is +0.0, also of values −0.0.
      assertEquals(value[i % ExactProblem.DIM] + 0.0, output[i]);
    }
  }

  @Property(tries = 100, seed = "7")
  void theOutputLiesInTheHullOfTheValues(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int tokens) {
    ExactProblem problem = problem(seed, tokens);
    double[] output = problem.merged(states(problem, deal(seed, tokens, 4)));
    for (int i = 0; i < output.length; i++) {
      int component = i % ExactProblem.DIM;
      double least = Arrays.stream(problem.values()).mapToDouble(v -> v[component]).min().orElse(0);
      double most = Arrays.stream(problem.values()).mapToDouble(v -> v[component]).max().orElse(0);
      assertTrue(least <= output[i] && output[i] <= most, least + " " + output[i] + " " + most);
    }
  }

  /** Law 8 of the weight: k copies are k times the sum, exactly. */
  @Property(tries = 60, seed = "8")
  void copiesMultiplyTheWeight(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int doublings) {
    ExactProblem problem = problem(seed, 10);
    PartialAttention<ExactTensor> all = problem.partial(IntStream.range(0, 10).boxed().toList());
    PartialAttention<ExactTensor> copies = all;
    for (int i = 0; i < doublings; i++) {
      copies = problem.plus(copies, copies);
    }
    ExactSums once = all.lse().sums("test").get(0);
    ExactSums many = copies.lse().sums("test").get(0);
    int k = once.exponent(0);
    assertEquals(once.round(0, k), many.round(0, k + doublings));
  }

  /** Law 14, and that both are the logarithm of the defined sum of weights. */
  @Property(tries = 60, seed = "9")
  void naturalAndBinaryLogarithmsOfAStateAgree(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int tokens) {
    ExactProblem problem = problem(seed, tokens);
    PartialAttention<ExactTensor> all =
        problem.partial(IntStream.range(0, tokens).boxed().toList());
    ExactSums weights = all.lse().sums("test").get(0);
    double natural = ExactLse.lse(weights, 0, LogBase.E);
    double binary = ExactLse.lse(weights, 0, LogBase.TWO);
    BigDecimal sum = problem.weights();
    BigDecimal ln = BigDecimalMath.log(sum, DIGITS);
    BigDecimal log2 = ln.divide(BigDecimalMath.log(BigDecimal.valueOf(2), DIGITS), DIGITS);
    assertWithin(4 * UNIT * Math.abs(natural), ln, natural);
    assertWithin(4 * UNIT * Math.abs(binary), log2, binary);
    // Two errors of 4u, and two roundings of the conversion.
    assertEquals(natural, LogBase.TWO.toNatural(binary), 10 * UNIT * Math.abs(natural));
  }

  /**
   * Law 15. The references of an exact state are the integers K: l = Σ·2^−K, rounded, is the same
   * significand for all of them. As a (max, sum) pair, m = K·ln 2, it describes the state within
   * the roundings of m and of the logarithm, and of the sum m + ln l of both.
   */
  @Property(tries = 60, seed = "10")
  void anyReferenceDescribesTheSameState(
      @ForAll long seed, @ForAll @IntRange(min = -500, max = 500) int shift) {
    ExactProblem problem = problem(seed, 12);
    ExactSums weights =
        problem.partial(IntStream.range(0, 12).boxed().toList()).lse().sums("test").get(0);
    int exponent = weights.exponent(0);
    double sum = weights.round(0, exponent + shift);
    assertEquals(weights.round(0, exponent), Math.scalb(sum, shift));
    double reference = (exponent + shift) * LogBase.TWO.nats();
    double slack = 4 * UNIT * (Math.abs(reference) + Math.abs(StrictMath.log(sum)));
    assertEquals(
        ExactLse.lse(weights, 0, LogBase.E),
        reference + StrictMath.log(sum),
        slack + 4 * UNIT * Math.abs(ExactLse.lse(weights, 0, LogBase.E)));
  }

  @Example
  void theLogarithmOfNoTokensIsMinusInfinity() {
    ExactSums none = problem(1, 1).partial(List.of()).lse().sums("test").get(0);
    assertEquals(Double.NEGATIVE_INFINITY, ExactLse.lse(none, 0, LogBase.E));
    assertEquals(Double.NEGATIVE_INFINITY, ExactLse.lse(none, 0, LogBase.TWO));
    assertThrows(IllegalArgumentException.class, () -> none.exponent(0));
  }

  private static void assertWithin(double bound, BigDecimal exact, double actual) {
    double error = new BigDecimal(actual).subtract(exact).abs().doubleValue();
    assertTrue(error <= bound, () -> actual + " is off by " + error + ", bound " + bound);
  }

  @Example
  void scoresAtTheEdgesOfExponentialsGiveTheDefinition() {
    for (double gap : new double[] {20, 88, 104, 709, 746, 1e4, 5e5}) {
      double[] scores = {gap, 0, -gap, gap, -1e5};
      double[][] values = {
        {1e4, -1, 1, 0.0}, {-1e4, 1, 1, -0.0}, {3, 1, 1, -0.0}, {-1e4, 1e-300, 1, 0.0}, {1, 1, 1, 0}
      };
      ExactProblem problem = new ExactProblem(kind, scores, values, 2);
      assertSame(
          problem.defined(),
          problem.merged(states(problem, List.of(List.of(4, 0), List.of(3), List.of(2, 1)))));
    }
  }

  @Example
  void scoresOutOfRangeAreAnErrorAndNoBits() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -524289, 1e300}) {
      ExactProblem problem =
          new ExactProblem(kind, new double[] {bad}, new double[1][ExactProblem.DIM], 1);
      ExactRangeException thrown =
          assertThrows(ExactRangeException.class, () -> problem.partial(List.of(0)));
      assertTrue(
          thrown.getMessage().matches("flashDecode(Latent)?: a score is .*"), thrown.getMessage());
    }
    double[][] values = {{0, Double.NaN, 0, 0}};
    ExactProblem problem = new ExactProblem(kind, new double[] {0}, values, 1);
    assertThrows(ExactRangeException.class, () -> problem.partial(List.of(0)));
  }

  private ExactProblem problem(long seed, int tokens) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] spreads = {1, 30, 800, 1e4};
    double spread = spreads[random.nextInt(spreads.length)];
    double[] scores = new double[tokens];
    double[][] values = new double[tokens][ExactProblem.DIM];
    for (int j = 0; j < tokens; j++) {
      scores[j] = random.nextDouble(-spread, spread);
      for (int i = 0; i < ExactProblem.DIM; i++) {
        values[j][i] = value(random);
      }
      if (j > 0 && random.nextInt(4) == 0) {
        // Weights equal, values opposite: what is left is someone else's.
        scores[j] = scores[j - 1];
        for (int i = 0; i < ExactProblem.DIM; i++) {
          values[j][i] = -values[j - 1][i];
        }
      }
    }
    return new ExactProblem(kind, scores, values, 2);
  }

  private static double value(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextBoolean() ? 0.0 : -0.0;
      case 1 -> Double.MIN_VALUE * random.nextInt(-9, 10);
      case 2 -> random.nextBoolean() ? 1e4 : -1e4;
      case 3 -> Math.scalb(random.nextDouble(-1, 1), random.nextInt(-300, 300));
      default -> random.nextDouble(-2, 2);
    };
  }

  /** The tokens in random order, dealt at random to shards, some of which may get none. */
  private static List<List<Integer>> deal(long seed, int tokens, int shards) {
    Random random = new Random(seed);
    List<Integer> order = new ArrayList<>(IntStream.range(0, tokens).boxed().toList());
    Collections.shuffle(order, random);
    List<List<Integer>> dealt = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      dealt.add(new ArrayList<>());
    }
    for (int token : order) {
      dealt.get(random.nextInt(shards)).add(token);
    }
    return dealt;
  }

  private static List<PartialAttention<ExactTensor>> states(
      ExactProblem problem, List<List<Integer>> dealt) {
    return dealt.stream().map(problem::partial).toList();
  }

  private static void assertSame(double[] expected, double[] actual) {
    assertArrayEquals(
        Arrays.stream(expected).mapToLong(Double::doubleToRawLongBits).toArray(),
        Arrays.stream(actual).mapToLong(Double::doubleToRawLongBits).toArray(),
        () -> "expected " + Arrays.toString(expected) + ", got " + Arrays.toString(actual));
  }
}
