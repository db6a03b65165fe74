package dev.helix.attention.faults.merge;

import java.util.Arrays;

/** A merge that handles one row, which is one head of one token, at a time. */
@FunctionalInterface
public interface RowMerge {
  /**
   * Merges one row.
   *
   * @param lses {@code [shards]}
   * @param outputs {@code [shards][dim]}
   * @return the merged log-sum-exp, then the components of the merged output
   */
  double[] merge(double[] lses, double[][] outputs);

  /** The right merge, in base e, with weights exp(LSEᵢ − max) and without empty shards. */
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
    return finished(result, greatest, sum);
  }

  /** Adds weight·output to the components of {@code result}, which begin at index 1. */
  static void add(double[] result, double weight, double[] output) {
    for (int i = 0; i < output.length; i++) {
      result[i + 1] += weight * output[i];
    }
  }

  /** Divides the components by the sum of weights, and puts the log-sum-exp in front of them. */
  static double[] finished(double[] result, double greatest, double sum) {
    for (int i = 1; i < result.length; i++) {
      result[i] /= sum;
    }
    result[0] = greatest + Math.log(sum);
    return result;
  }
}
