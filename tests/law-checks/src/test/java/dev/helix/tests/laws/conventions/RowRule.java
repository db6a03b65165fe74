package dev.helix.tests.laws.conventions;

import java.util.Optional;

/** The rule by which a system merges one row, which is one head of one token. */
@FunctionalInterface
interface RowRule {
  /**
   * The parts of a row, in single precision.
   *
   * @param outputs {@code [shards][dim]}
   * @param weights log-sum-exps, or maxima, {@code [shards]}
   * @param sums sums of pairs, {@code [shards]}
   */
  @SuppressWarnings("ArrayRecordComponent") // It is handed on at once, and nobody compares two.
  record Row(float[][] outputs, float[] weights, float[] sums) {
    int shards() {
      return weights.length;
    }

    int dim() {
      return outputs[0].length;
    }

    /** The last part, as it is given. */
    float[] last() {
      float[] part = new float[dim() + 1];
      part[0] = weights[shards() - 1];
      System.arraycopy(outputs[shards() - 1], 0, part, 1, dim());
      return part;
    }

    float greatest() {
      float greatest = Float.NEGATIVE_INFINITY;
      for (float weight : weights) {
        greatest = Math.max(greatest, weight);
      }
      return greatest;
    }
  }

  /** Merges a row: the log-sum-exp, then the components of the output, before the last cast. */
  float[] merge(Row row, Optional<RuleFault> fault);
}
