package dev.helix.runtime.sharded.stages;

import dev.helix.tensor.scalar.DecimalArithmetic;
import java.math.BigDecimal;
import java.util.Arrays;

/** The right merge of one row in numbers of 50 digits. */
final class DecimalMerge {
  private static final DecimalArithmetic NUMBERS = new DecimalArithmetic();

  private DecimalMerge() {}

  /**
   * Merges one row, as {@link dev.helix.attention.faults.merge.RowMerge#correct} does.
   *
   * @param lses {@code [shards]}, natural
   * @param outputs {@code [shards][dim]}
   * @return the merged log-sum-exp, then the components of the merged output
   */
  static double[] correct(double[] lses, double[][] outputs) {
    double greatest = Arrays.stream(lses).max().orElseThrow();
    double[] result = new double[outputs[0].length + 1];
    result[0] = greatest;
    if (!Double.isFinite(greatest)) {
      return result;
    }
    BigDecimal sum = NUMBERS.zero();
    BigDecimal[] merged = new BigDecimal[outputs[0].length];
    Arrays.fill(merged, NUMBERS.zero());
    for (int shard = 0; shard < lses.length; shard++) {
      if (lses[shard] == Double.NEGATIVE_INFINITY) {
        continue;
      }
      BigDecimal gap = NUMBERS.subtract(NUMBERS.of(lses[shard]), NUMBERS.of(greatest));
      BigDecimal weight = NUMBERS.exp(gap);
      sum = NUMBERS.add(sum, weight);
      for (int i = 0; i < merged.length; i++) {
        BigDecimal part = NUMBERS.multiply(weight, NUMBERS.of(outputs[shard][i]));
        merged[i] = NUMBERS.add(merged[i], part);
      }
    }
    result[0] = NUMBERS.toDouble(NUMBERS.add(NUMBERS.of(greatest), NUMBERS.log(sum)));
    for (int i = 0; i < merged.length; i++) {
      result[i + 1] = NUMBERS.toDouble(NUMBERS.divide(merged[i], sum));
    }
    return result;
  }
}
