package dev.helix.laws.museum;

import dev.helix.laws.merge.Partial;
import dev.helix.laws.merge.PartialStack;
import java.util.Arrays;

/**
 * A merge written for one row at a time, as the faulty variants are: the arrays are taken apart.
 */
@FunctionalInterface
interface RowMerge {
  /**
   * Merges one token's head.
   *
   * @param lses {@code [shards]}
   * @param outputs {@code [shards][dim]}
   * @return the merged log-sum-exp, then the components of the merged output
   */
  double[] merge(double[] lses, double[][] outputs);

  /** Over all rows of a stack. */
  default Partial all(PartialStack stack) {
    int rows = stack.tokens() * stack.heads();
    int dim = stack.dim();
    double[] outputs = stack.outputs();
    double[] lses = stack.lses();
    double[] merged = new double[rows * dim];
    double[] mergedLses = new double[rows];
    for (int row = 0; row < rows; row++) {
      double[] rowLses = new double[stack.shards()];
      double[][] rowOutputs = new double[stack.shards()][];
      for (int shard = 0; shard < stack.shards(); shard++) {
        int at = shard * rows + row;
        rowLses[shard] = lses[at];
        rowOutputs[shard] = Arrays.copyOfRange(outputs, at * dim, (at + 1) * dim);
      }
      double[] result = merge(rowLses, rowOutputs);
      mergedLses[row] = result[0];
      System.arraycopy(result, 1, merged, row * dim, dim);
    }
    return new Partial(merged, mergedLses);
  }

  /** The merge as it should be, in base e: weights exp(LSEᵢ − max), empty shards left out. */
  static double[] correct(double[] lses, double[][] outputs) {
    double greatest = Arrays.stream(lses).max().orElseThrow();
    double[] result = new double[outputs[0].length + 1];
    result[0] = greatest;
    if (greatest == Double.NEGATIVE_INFINITY) {
      return result;
    }
    double sum = 0;
    for (int shard = 0; shard < lses.length; shard++) {
      if (lses[shard] != Double.NEGATIVE_INFINITY) {
        double weight = Math.exp(lses[shard] - greatest);
        sum += weight;
        add(result, weight, outputs[shard]);
      }
    }
    for (int i = 1; i < result.length; i++) {
      result[i] /= sum;
    }
    result[0] = greatest + Math.log(sum);
    return result;
  }

  /** Adds weight·output to the components, which begin at 1. */
  static void add(double[] result, double weight, double[] output) {
    for (int i = 0; i < output.length; i++) {
      result[i + 1] += weight * output[i];
    }
  }
}
