package dev.helix.laws.merge;

import dev.helix.attention.convention.Convention;

/**
 * The partial results of n shards, as an implementation under test is given them.
 *
 * <p>Arrays are row-major, in the axis order, base and empty mark of its {@link Convention}; the
 * numbers are on the grid of its formats. Where the mark says that a shard has no tokens of a row,
 * its output there may be anything.
 */
public final class PartialStack {
  private final boolean pairs;
  private final int shards;
  private final int tokens;
  private final int heads;
  private final int dim;
  private final double[] outputs;
  private final double[] maxima;
  private final double[] sums;

  PartialStack(boolean pairs, int[] shape, double[] outputs, double[] maxima, double[] sums) {
    this.pairs = pairs;
    this.shards = shape[0];
    this.tokens = shape[1];
    this.heads = shape[2];
    this.dim = shape[3];
    this.outputs = outputs;
    this.maxima = maxima;
    this.sums = sums;
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

  /** A copy of the outputs, {@code [shards, tokens, heads, dim]} or with heads first. */
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
    return maxima.clone();
  }

  /**
   * References m of (max, sum) pairs, {@code [shards, tokens, heads]}, or with heads first; a copy.
   * In base 2 they are m·log₂e.
   *
   * @throws IllegalStateException if the convention declares log-sum-exps
   */
  public double[] maxima() {
    requirePairs(true);
    return maxima.clone();
  }

  /**
   * Sums l = Σ exp(s − m), like {@link #maxima}; 0 where a shard has no tokens.
   *
   * @throws IllegalStateException if the convention declares log-sum-exps
   */
  public double[] sums() {
    requirePairs(true);
    return sums.clone();
  }

  private void requirePairs(boolean expected) {
    if (pairs != expected) {
      throw new IllegalStateException(
          "weights of a stack: the convention declares "
              + (pairs ? "(max, sum) pairs" : "log-sum-exps"));
    }
  }

  /** The same outputs with other log-sum-exps. */
  public PartialStack withLses(double[] others) {
    requirePairs(false);
    if (others.length != maxima.length) {
      throw new IllegalArgumentException(
          "expected %d LSEs, got %d".formatted(maxima.length, others.length));
    }
    int[] shape = {shards, tokens, heads, dim};
    return new PartialStack(false, shape, outputs, others.clone(), sums);
  }
}
