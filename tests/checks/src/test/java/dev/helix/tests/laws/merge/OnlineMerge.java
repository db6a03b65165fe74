package dev.helix.tests.laws.merge;

/** A merge as somebody else might have it: one pass, a running maximum, plain arrays. */
public final class OnlineMerge {
  private OnlineMerge() {}

  /**
   * Writes the merged outputs, {@code [rows, dim]}, and returns the merged LSEs, {@code [rows]}.
   */
  public static double[] merge(
      double[] outputs, double[] lses, int shards, int rows, int dim, double[] merged) {
    double[] mergedLses = new double[rows];
    for (int row = 0; row < rows; row++) {
      double greatest = Double.NEGATIVE_INFINITY;
      double sum = 0;
      for (int shard = 0; shard < shards; shard++) {
        int at = shard * rows + row;
        if (lses[at] == Double.NEGATIVE_INFINITY) {
          continue;
        }
        double next = Math.max(greatest, lses[at]);
        double kept = Math.exp(greatest - next);
        double weight = Math.exp(lses[at] - next);
        for (int i = 0; i < dim; i++) {
          int to = row * dim + i;
          merged[to] = merged[to] * kept + weight * outputs[at * dim + i];
        }
        sum = sum * kept + weight;
        greatest = next;
      }
      for (int i = 0; sum > 0 && i < dim; i++) {
        merged[row * dim + i] /= sum;
      }
      mergedLses[row] = sum > 0 ? greatest + Math.log(sum) : greatest;
    }
    return mergedLses;
  }
}
