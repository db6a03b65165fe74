package dev.helix.laws.merge.states;

import dev.helix.attention.convention.ArrayIndex;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.reference.MergeReference;
import dev.helix.laws.reference.SoftmaxWeights;
import dev.helix.tensor.DType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Partial results as the laws see them: tokens first, weights in the implementation's base and on
 * its grid, −∞ where there are no tokens. Immutable.
 *
 * <p>For an implementation that is given pairs, a weight is a pair (max m, sum l) with a sum from
 * {@link #SUMS}. Its reference m need not be the maximum of any scores. {@link #nats} is its
 * log-sum-exp m + ln l, and {@link #lse} is a double next to it, up to a rounding. For all other
 * implementations m is the log-sum-exp and l is 1.
 */
public final class Stack {
  /** Sums of pairs, whatever the log-sum-exp is; 0 is for no tokens. */
  public static final List<Double> SUMS = List.of(1.5, 6.0, 0.25, 1.0, 96.0);

  private static final Map<Double, BigDecimal> LOGS =
      SUMS.stream()
          .collect(Collectors.toUnmodifiableMap(l -> l, l -> FiftyDigits.log(new BigDecimal(l))));

  final Convention convention;
  final int shards;
  final int tokens;
  final int heads;
  final int dim;

  /** Number of tokens that are merged; rows of later ones are the last shard's. */
  final int merged;

  private final double[] outputs;
  private final double[] maxima;
  private final double[] sums;

  /** Weights of former rows, by their maxima and sums: long cases have few different rows. */
  private final Map<List<Double>, SoftmaxWeights> known = new HashMap<>();

  /**
   * Keeps the arrays, which nobody may change any more.
   *
   * @param shape sizes of the four axes, and the number of merged tokens if it is not all
   */
  private Stack(
      Convention convention, int[] shape, double[] outputs, double[] maxima, double[] sums) {
    this.convention = convention;
    this.shards = shape[0];
    this.tokens = shape[1];
    this.heads = shape[2];
    this.dim = shape[3];
    this.merged = shape.length > 4 ? shape[4] : tokens;
    this.outputs = outputs;
    this.maxima = maxima;
    this.sums = sums;
  }

  /**
   * A stack whose numbers are rounded to the implementation's grid.
   *
   * @param outputs {@code [shards, tokens, heads, dim]}
   * @param lses {@code [shards, tokens, heads]}, in the implementation's base
   */
  public static Stack of(Convention convention, int[] shape, double[] outputs, double[] lses) {
    double[] sums = new double[lses.length];
    Arrays.setAll(sums, i -> convention.pairs() ? SUMS.get(i % SUMS.size()) : 1);
    return of(convention, shape, outputs, lses, sums);
  }

  private static Stack of(
      Convention convention, int[] shape, double[] outputs, double[] lses, double[] sums) {
    DType format = convention.formats().partial();
    DType weight = convention.formats().lse();
    double[] maxima = new double[lses.length];
    Arrays.setAll(
        maxima, i -> weight.round(lses[i] - convention.base().fromNatural(Math.log(sums[i]))));
    return new Stack(
        convention, shape, Arrays.stream(outputs).map(format::round).toArray(), maxima, sums);
  }

  /** The shards of a case, their log-sum-exps converted to the implementation's base. */
  public static Stack of(Convention convention, MergeCase given) {
    double[] lses = Arrays.stream(given.lses()).map(convention.base()::fromNatural).toArray();
    return of(
        convention,
        new int[] {given.shards(), given.tokens(), given.heads(), given.dim()},
        given.outputs(),
        lses);
  }

  public int[] shape() {
    return new int[] {shards, tokens, heads, dim, merged};
  }

  /** Number of parts that are merged. */
  public int shards() {
    return shards;
  }

  /** Number of query tokens. */
  public int tokens() {
    return tokens;
  }

  public int heads() {
    return heads;
  }

  /** Number of components of a value. */
  public int dim() {
    return dim;
  }

  /** The convention in which the arrays are given to the implementation. */
  public Convention convention() {
    return convention;
  }

  public int rows() {
    return tokens * heads;
  }

  /** The log-sum-exp of a row in the implementation's base; −∞ where the shard has no tokens. */
  public double lse(int shard, int row) {
    int at = shard * rows() + row;
    return sums[at] == 1
        ? maxima[at]
        : maxima[at] + convention.base().fromNatural(Math.log(sums[at]));
  }

  /** The log-sum-exp of a shard that has tokens, in nats. */
  public BigDecimal nats(int shard, int row) {
    int at = shard * rows() + row;
    BigDecimal max = new BigDecimal(maxima[at]);
    BigDecimal nats =
        convention.base() == LogBase.E ? max : max.multiply(FiftyDigits.LN_2, FiftyDigits.DIGITS);
    return sums[at] == 1 ? nats : nats.add(LOGS.get(sums[at]));
  }

  /** Component i of a row's output; it may be any number where the shard has no tokens. */
  public double output(int shard, int row, int i) {
    return outputs[(shard * rows() + row) * dim + i];
  }

  /** The merge of a row in 50 digits, whose outputs are finite where shards have tokens. */
  public MergeReference reference(int row) {
    List<double[]> parts = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      if (living(shard, row)) {
        int from = (shard * rows() + row) * dim;
        parts.add(Arrays.copyOfRange(outputs, from, from + dim));
      }
    }
    return MergeReference.ofParts(convention, weights(row), parts, Collections.max(SUMS))
        .inLevels(convention.contract().levels(shards));
  }

  /** The nearest double to a row's merged log-sum-exp; −∞ if no shard has tokens. */
  public double mergedLse(int row) {
    boolean empty = true;
    for (int shard = 0; shard < shards; shard++) {
      empty &= !living(shard, row);
      if (living(shard, row) && !Double.isFinite(lse(shard, row))) {
        return Double.NaN;
      }
    }
    return empty
        ? Double.NEGATIVE_INFINITY
        : FiftyDigits.doubleValue(MergeReference.inBase(convention, weights(row).lse()));
  }

  /** The weights of the shards that have tokens of a row. */
  private SoftmaxWeights weights(int row) {
    List<Double> pairs = new ArrayList<>();
    for (int at = row; at < maxima.length; at += rows()) {
      if (maxima[at] != Double.NEGATIVE_INFINITY) {
        pairs.add(maxima[at]);
        pairs.add(sums[at]);
      }
    }
    return known.computeIfAbsent(pairs, unknown -> SoftmaxWeights.of(nats(row)));
  }

  private List<BigDecimal> nats(int row) {
    return IntStream.range(0, shards)
        .filter(shard -> living(shard, row))
        .mapToObj(shard -> nats(shard, row))
        .toList();
  }

  /** Whether the shard has tokens that the row sees. */
  public boolean living(int shard, int row) {
    return lse(shard, row) != Double.NEGATIVE_INFINITY;
  }

  public double[] outputs() {
    return outputs.clone();
  }

  public double[] lses() {
    double[] lses = new double[maxima.length];
    Arrays.setAll(lses, at -> lse(at / rows(), at % rows()));
    return lses;
  }

  /** For each row, whether no shard has tokens of it. */
  public boolean[] emptyRows() {
    boolean[] empty = new boolean[rows()];
    for (int row = 0; row < empty.length; row++) {
      int one = row;
      empty[row] = IntStream.range(0, shards).noneMatch(shard -> living(shard, one));
    }
    return empty;
  }

  /** The outputs of one shard, {@code [tokens, heads, dim]}. */
  public double[] outputsOf(int shard) {
    return Arrays.copyOfRange(outputs, shard * rows() * dim, (shard + 1) * rows() * dim);
  }

  /** The log-sum-exps of one shard, {@code [tokens, heads]}. */
  public double[] lsesOf(int shard) {
    return IntStream.range(0, rows()).mapToDouble(row -> lse(shard, row)).toArray();
  }

  /** The same stack with other outputs of the same shape. */
  public Stack withOutputs(double[] others) {
    DType format = convention.formats().partial();
    return new Stack(
        convention, shape(), Arrays.stream(others).map(format::round).toArray(), maxima, sums);
  }

  /** The same stack with other log-sum-exps. */
  public Stack withLses(double[] others) {
    return of(convention, shape(), outputs, others, sums);
  }

  /** The same stack with pairs of other sums; a log-sum-exp moves by a rounding. */
  public Stack withOtherSums(SplittableRandom random) {
    double[] others = new double[sums.length];
    Arrays.setAll(others, i -> SUMS.get(random.nextInt(SUMS.size())));
    return of(convention, shape(), outputs, lses(), others);
  }

  /** The same stack, of which only the rows of the first tokens are merged. */
  public Stack mergedTo(int someTokens) {
    int[] shape = {shards, tokens, heads, dim, someTokens};
    return new Stack(convention, shape, outputs, maxima, sums);
  }

  /** The stack of some of the shards, in this order. */
  public Stack select(int... chosen) {
    return gathered(chosen, range(heads), range(dim));
  }

  /**
   * The stack of some heads and components of all shards, in this order. Indices beyond the last
   * one are filled with other data: head h and component i become head h mod {@link #heads} and
   * component i mod {@link #dim}, with the sign {@link #fillSign}, and with the shards of the head
   * rotated.
   */
  public Stack piece(int[] someHeads, int[] someDims) {
    return gathered(range(shards), someHeads, someDims);
  }

  /** −1 if ⌊index / count⌋ has an odd number of binary ones, else 1; 1 where nothing is filled. */
  public static int fillSign(int index, int count) {
    return Integer.bitCount(index / count) % 2 == 0 ? 1 : -1;
  }

  private static int[] range(int count) {
    return IntStream.range(0, count).toArray();
  }

  private Stack gathered(int[] someShards, int[] someHeads, int[] someDims) {
    int[] shape = {someShards.length, tokens, someHeads.length, someDims.length, merged};
    double[] someMaxima = new double[shape[0] * shape[1] * shape[2]];
    double[] someSums = new double[someMaxima.length];
    double[] someOutputs = new double[someMaxima.length * shape[3]];
    int at = 0;
    for (int shard : someShards) {
      for (int token = 0; token < tokens; token++) {
        for (int head : someHeads) {
          int turned = (shard + head / heads) % shards;
          int from = (turned * tokens + token) * heads + head % heads;
          someMaxima[at] = maxima[from];
          someSums[at] = sums[from];
          for (int i = 0; i < someDims.length; i++) {
            int sign = fillSign(head, heads) * fillSign(someDims[i], dim);
            someOutputs[at * someDims.length + i] = sign * outputs[from * dim + someDims[i] % dim];
          }
          at++;
        }
      }
    }
    return new Stack(convention, shape, someOutputs, someMaxima, someSums);
  }

  /** The stack of all shards of several stacks, one after the other. */
  public static Stack join(List<Stack> stacks) {
    Stack first = stacks.get(0);
    int shards = stacks.stream().mapToInt(stack -> stack.shards).sum();
    return new Stack(
        first.convention,
        new int[] {shards, first.tokens, first.heads, first.dim, first.merged},
        joined(stacks, stack -> stack.outputs),
        joined(stacks, stack -> stack.maxima),
        joined(stacks, stack -> stack.sums));
  }

  private static double[] joined(List<Stack> stacks, Function<Stack, double[]> array) {
    return stacks.stream().map(array).flatMapToDouble(Arrays::stream).toArray();
  }

  /** A stack of one shard without tokens, whose outputs are all {@code payload}. */
  public Stack emptyShard(double payload) {
    double[] poison = new double[rows() * dim];
    Arrays.fill(poison, payload);
    double[] none = new double[rows()];
    Arrays.fill(none, Double.NEGATIVE_INFINITY);
    return of(convention, new int[] {1, tokens, heads, dim}, poison, none);
  }

  /** Where the elements of {@link #declared}'s arrays are, and those of an answer. */
  public ArrayIndex arrays() {
    return new ArrayIndex(convention.layout(), shards, tokens, heads, dim);
  }

  /** The stack as the implementation is given it, in its own convention. */
  public PartialStack declared() {
    return new GivenArrays(this).of(outputs, maxima, givenSums());
  }

  /** Text for messages: all numbers of a small stack, the shape and one row of a large one. */
  public String shown(int row) {
    return text().with(row);
  }

  /** Text for messages: all numbers of a small stack, or the shape of a large one. */
  @Override
  public String toString() {
    return text().whole();
  }

  private StackText text() {
    return new StackText(this, outputs, maxima, givenSums());
  }

  /** 0 where a shard has no tokens. */
  private double[] givenSums() {
    double[] given = sums.clone();
    Arrays.setAll(given, at -> maxima[at] == Double.NEGATIVE_INFINITY ? 0 : sums[at]);
    return given;
  }
}
