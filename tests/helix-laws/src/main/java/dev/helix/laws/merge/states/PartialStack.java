package dev.helix.laws.merge.states;

import dev.helix.attention.convention.ArrayIndex;
import dev.helix.attention.convention.Convention;
import dev.helix.tensor.DType;

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
   * @param merged number of tokens that are merged
   */
  @SuppressWarnings("ArrayRecordComponent") // It is handed on at once, and nobody compares two.
  record Weights(double[] maxima, double[] sums, int[] lengths, int merged) {}

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

  /**
   * Number of tokens that are merged. Rows of later tokens are the last shard's, as they are; there
   * are none unless the convention says that rows may bypass the merge.
   */
  public int mergedTokens() {
    return weights.merged;
  }

  /**
   * Outputs with their log-sum-exps behind them, as bits of the format of partial outputs. Behind
   * the components of each output are the low and the high 16 bits of its FP32 log-sum-exp, or all
   * 32 where outputs are FP32.
   */
  public long[] packed() {
    requirePairs(false);
    ArrayIndex arrays = arrays();
    DType format = convention.formats().partial();
    int width = arrays.paddedDim();
    int behind = arrays.packedDim(format) - width;
    long[] codes = new long[arrays.rows() * (width + behind)];
    for (int shard = 0; shard < shards; shard++) {
      for (int token = 0; token < tokens; token++) {
        for (int head = 0; head < arrays.paddedHeads(); head++) {
          int row = arrays.output(shard, token, head);
          int to = row * (width + behind);
          for (int i = 0; i < width; i++) {
            codes[to + i] = format.encode(outputs[row * width + i]);
          }
          double lse = weights.maxima[arrays.weight(shard, token, head)];
          long bits = Float.floatToRawIntBits((float) lse) & 0xffffffffL;
          codes[to + width] = behind == 1 ? bits : bits & 0xffff;
          codes[to + width + behind - 1] = behind == 1 ? bits : bits >>> Short.SIZE;
        }
      }
    }
    return codes;
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
   * The sums l = Σ exp(s − m), in the layout of {@link #maxima}; 0 where a shard has no tokens.
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
        convention,
        shape,
        outputs,
        new Weights(others.clone(), weights.sums, weights.lengths, weights.merged));
  }
}
