package dev.helix.laws.reference;

import dev.helix.attention.bounds.MergeBound;
import dev.helix.attention.bounds.MergedPart;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The merge of one row in 50 digits. {@link MergeBound} says how far an implementation may be off.
 */
public final class MergeReference {
  private final Convention convention;
  private final SoftmaxWeights weights;
  private final List<MergedPart> parts;
  private final MergeBound bound;

  /** Components of the merged output that were asked for: laws ask for each several times. */
  private final Map<Integer, BigDecimal> outputs = new ConcurrentHashMap<>();

  private final Map<Integer, Double> nearest = new ConcurrentHashMap<>();

  private MergeReference(
      Convention convention,
      boolean ofParts,
      SoftmaxWeights weights,
      List<MergedPart> parts,
      double largestSum) {
    this.convention = convention;
    this.weights = weights;
    this.parts = List.copyOf(parts);
    double lse = FiftyDigits.doubleValue(weights.lse());
    this.bound = new MergeBound(convention, lse, parts, ofParts, largestSum);
  }

  private MergeReference(MergeReference parts, MergeBound bound) {
    this.convention = parts.convention;
    this.weights = parts.weights;
    this.parts = parts.parts;
    this.bound = bound;
  }

  /**
   * This reference for an implementation that merges the parts in a tree of calls of this depth.
   */
  public MergeReference inLevels(int depth) {
    return depth == 1 ? this : new MergeReference(this, bound.inLevels(depth));
  }

  /**
   * Tokens that are alike to one query.
   *
   * @param count number of these tokens
   * @param score score of each token, in nats
   * @param value value of each token, {@code [dim]}
   * @param error largest error of the score
   */
  @SuppressWarnings("ArrayRecordComponent") // An argument, compared by nobody.
  public record Tokens(long count, BigDecimal score, double[] value, double error) {
    /** ln Σ exp(score) over these tokens. */
    private BigDecimal nats() {
      return count == 1 ? score : score.add(FiftyDigits.log(BigDecimal.valueOf(count)));
    }
  }

  /**
   * The reference for softmax over tokens in one pass. The implementation computes the scores
   * itself, rescales its sums whenever a greater score comes, and divides only behind the last
   * token.
   */
  public static MergeReference ofTokens(Convention convention, List<Tokens> tokens) {
    SoftmaxWeights weights = SoftmaxWeights.of(tokens.stream().map(Tokens::nats).toList());
    List<MergedPart> parts = new ArrayList<>();
    for (Tokens some : tokens) {
      int part = parts.size();
      double gap = weights.gap(part) + Math.log((double) some.count);
      parts.add(new MergedPart(some.count, weights.weight(part), gap, some.error, some.value));
    }
    return new MergeReference(convention, false, weights, parts, 1);
  }

  /**
   * The reference for the merge of partial results, which an implementation may fold one after the
   * other.
   *
   * @param weights weights of the parts that have tokens
   * @param values their outputs, {@code [parts][dim]}, finite
   * @param largestSum the largest sum of the (max, sum) pairs that the implementation is given; not
   *     used if it is given log-sum-exps
   */
  public static MergeReference ofParts(
      Convention convention, SoftmaxWeights weights, List<double[]> values, double largestSum) {
    List<MergedPart> parts = new ArrayList<>();
    for (double[] value : values) {
      int part = parts.size();
      parts.add(new MergedPart(weights.weight(part), weights.gap(part), 0, value));
    }
    return new MergeReference(convention, true, weights, parts, largestSum);
  }

  public boolean isEmpty() {
    return parts.isEmpty();
  }

  public int living() {
    return parts.size();
  }

  /** Component i of the merged output. */
  public BigDecimal output(int i) {
    return outputs.computeIfAbsent(i, unknown -> weights.mean(values(unknown)));
  }

  /** Component i of the merged output, as the nearest double. */
  public double nearestOutput(int i) {
    return nearest.computeIfAbsent(i, unknown -> weights.nearestMean(values(unknown)));
  }

  private double[] values(int i) {
    return parts.stream().mapToDouble(part -> part.value()[i]).toArray();
  }

  /** The merged log-sum-exp, in nats; without meaning if there are no tokens. */
  public BigDecimal lse() {
    return weights.lse();
  }

  /**
   * The merged log-sum-exp in the implementation's base, as the nearest double; −∞ if there are no
   * tokens.
   */
  public double lseInBase() {
    if (isEmpty()) {
      return Double.NEGATIVE_INFINITY;
    }
    return FiftyDigits.doubleValue(inBase(lse()));
  }

  public BigDecimal inBase(BigDecimal nats) {
    return inBase(convention, nats);
  }

  /** Converts nats into the implementation's base. */
  public static BigDecimal inBase(Convention convention, BigDecimal nats) {
    return convention.base() == LogBase.E
        ? nats
        : nats.divide(FiftyDigits.LN_2, FiftyDigits.DIGITS);
  }

  /** The bound of the error of component i after {@code depth} merges in a row. */
  public double outputBound(int i, int depth) {
    return bound.output(i, depth);
  }

  /**
   * The bound of the error of the log-sum-exp after {@code depth} merges in a row, in the
   * implementation's base.
   */
  public double lseBound(int depth) {
    return bound.lse(depth);
  }

  /** The largest magnitude of a part's log-sum-exp, in nats. */
  public double largestLse() {
    return Math.abs(FiftyDigits.doubleValue(lse()))
        + parts.stream().mapToDouble(MergedPart::gap).reduce(0.0, Math::max);
  }

  /** The weighted mean Σ pᵢ·|Oᵢ| of the magnitudes of component i. */
  public double weightedMagnitude(int i) {
    double sum = 0;
    for (MergedPart part : parts) {
      sum += part.weight() * Math.abs(part.value()[i]);
    }
    return sum;
  }
}
