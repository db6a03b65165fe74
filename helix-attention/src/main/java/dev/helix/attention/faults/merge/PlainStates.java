package dev.helix.attention.faults.merge;

import java.util.Arrays;

/**
 * The partial states of several shards in plain arrays, tokens before heads.
 *
 * @param shards number of parts that are to be merged; 1 in a result
 * @param rows number of tokens times number of heads
 * @param heads number of heads, which is the inner axis of rows
 * @param outputs {@code [shards, rows, dim]}
 * @param lses {@code [shards, rows]}; −∞ where a shard has no tokens of a row
 */
@SuppressWarnings("ArrayRecordComponent") // It is handed on at once, and nobody compares two.
public record PlainStates(int shards, int rows, int heads, double[] outputs, double[] lses) {
  /** Number of components of an output. */
  public int dim() {
    return outputs.length / shards / rows;
  }

  /** Number of query tokens. */
  public int tokens() {
    return rows / heads;
  }

  /** The same outputs with other log-sum-exps. */
  public PlainStates withLses(double[] others) {
    return new PlainStates(shards, rows, heads, outputs, others);
  }

  /** The result of merging each row by itself. */
  public PlainStates merged(RowMerge merge) {
    int dim = dim();
    double[] merged = new double[rows * dim];
    double[] mergedLses = new double[rows];
    for (int row = 0; row < rows; row++) {
      double[] rowLses = new double[shards];
      double[][] rowOutputs = new double[shards][];
      for (int shard = 0; shard < shards; shard++) {
        int at = shard * rows + row;
        rowLses[shard] = lses[at];
        rowOutputs[shard] = Arrays.copyOfRange(outputs, at * dim, (at + 1) * dim);
      }
      double[] result = merge.merge(rowLses, rowOutputs);
      mergedLses[row] = result[0];
      System.arraycopy(result, 1, merged, row * dim, dim);
    }
    return new PlainStates(1, rows, heads, merged, mergedLses);
  }
}
