package dev.helix.laws.merge;

import dev.helix.attention.convention.ArrayIndex;
import dev.helix.attention.convention.Convention;

/**
 * The partial results of n shards, as an implementation under test is given them.
 *
 * <p>Arrays are row-major, in the layout, base and marks of its {@link Convention}; the numbers are
 * on the grid of its formats. {@link ArrayIndex} finds their elements; where the layout is dense,
 * with shards and tokens first, they are {@code [shards, tokens, heads, dim]}. Where a mark, or a
 * length, says that a shard has no tokens of a row, its output there may be whatever the contract
 * allows.
 */
public final class PartialStack {
  private final Convention convention;
  private final int shards;
  private final int tokens;
  private final int heads;
  private final int dim;
  private final double[] outputs;
  private final Weights weights;

  /**
   * The weights of the parts.
   *
   * @param maxima maxima or log-sum-exps, in the layout of weights
   * @param sums sums of (max, sum) pairs, likewise
   * @param lengths {@code [shards, tokens]}
   */
  @SuppressWarnings("ArrayRecordComponent") // It is handed on at once, and nobody compares two.
  record Weights(double[] maxima, double[] sums, int[] lengths) {}

  /** Keeps the arrays. */
  PartialStack(Convention convention, int[] shape, double[] outputs, Weights weights) {
    this.convention = convention;
    this.shards = shape[0];
    this.tokens = shape[1];
    this.heads = shape[2];
    this.dim = shape[3];
    this.outputs = outputs;
    this.weights = weights;
  }

  public int shards() {
    return shards;
  }

  /** Number of query tokens, which are the rows of the batch. */
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

  /** Whether the parts carry (max, sum) pairs, and no log-sum-exps. */
  public boolean isPairs() {
    return convention.pairs();
  }

  /** Where the elements of the arrays are. */
  public ArrayIndex arrays() {
    return new ArrayIndex(convention.layout(), shards, tokens, heads, dim);
  }

  /**
   * Whether each shard has tokens of a query token's request, {@code [shards, tokens]}: 0 where it
   * has none, and a positive number where it has some. A copy.
   */
  public int[] lengths() {
    return weights.lengths.clone();
  }

  /** A copy of the outputs, {@code [shards, tokens, heads, dim]} or in another layout. */
  public double[] outputs() {
    return outputs.clone();
  }

  /**
   * A copy of the log-sum-exps, {@code [shards, tokens, heads]} or with heads first.
   *
   * @throws IllegalStateException if the convention declares (max, sum) pairs
   */
  public double[] lses() {
    requirePairs(false);
    return weights.maxima.clone();
  }

  /**
   * References m of (max, sum) pairs, {@code [shards, tokens, heads]}, or with heads first; a copy.
   * In base 2 they are m·log₂e.
   *
   * @throws IllegalStateException if the convention declares log-sum-exps
   */
  public double[] maxima() {
    requirePairs(true);
    return weights.maxima.clone();
  }

  /**
   * Sums l = Σ exp(s − m), like {@link #maxima}; 0 where a shard has no tokens.
   *
   * @throws IllegalStateException if the convention declares log-sum-exps
   */
  public double[] sums() {
    requirePairs(true);
    return weights.sums.clone();
  }

  /**
   * (max, sum) pairs side by side, with an axis of 2 behind those of {@link #maxima}; a copy.
   *
   * @throws IllegalStateException if the convention declares log-sum-exps
   */
  public double[] pairs() {
    requirePairs(true);
    double[] pairs = new double[2 * weights.maxima.length];
    for (int at = 0; at < weights.maxima.length; at++) {
      pairs[2 * at] = weights.maxima[at];
      pairs[2 * at + 1] = weights.sums[at];
    }
    return pairs;
  }

  private void requirePairs(boolean expected) {
    if (convention.pairs() != expected) {
      throw new IllegalStateException(
          "weights of a stack: the convention declares "
              + (convention.pairs() ? "(max, sum) pairs" : "log-sum-exps"));
    }
  }

  /** The same outputs with other log-sum-exps. */
  public PartialStack withLses(double[] others) {
    requirePairs(false);
    if (others.length != weights.maxima.length) {
      throw new IllegalArgumentException(
          "expected %d LSEs, got %d".formatted(weights.maxima.length, others.length));
    }
    int[] shape = {shards, tokens, heads, dim};
    return new PartialStack(
        convention, shape, outputs, new Weights(others.clone(), weights.sums, weights.lengths));
  }
}
