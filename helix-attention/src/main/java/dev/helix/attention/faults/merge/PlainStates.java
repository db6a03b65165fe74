package dev.helix.attention.faults.merge;

import java.util.Arrays;

/**
 * The partial states of several shards in plain arrays, tokens before heads.
 *
 * @param shards parts that are to be merged; 1 where it is a result
 * @param rows tokens · heads
 * @param heads by which rows go round
 * @param outputs {@code [shards, rows, dim]}
 * @param lses {@code [shards, rows]}; −∞ where a shard has no tokens of a row
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on at once, compared by nobody.
public record PlainStates(int shards, int rows, int heads, double[] outputs, double[] lses) {
  /** Components of an output. */
  public int dim() {
    return outputs.length / shards / rows;
  }

  /** Query tokens. */
  public int tokens() {
    return rows / heads;
  }

  /** The same outputs with other log-sum-exps. */
  PlainStates withLses(double[] others) {
    return new PlainStates(shards, rows, heads, outputs, others);
  }

  /** Each row merged by itself. */
  PlainStates merged(RowMerge merge) {
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
