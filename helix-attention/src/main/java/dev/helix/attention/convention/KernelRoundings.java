package dev.helix.attention.convention;

import dev.helix.tensor.DType;

/**
 * How a kernel that attends over one rank's tokens rounds: scores, exponentials and sums are in one
 * format, and each weight is rounded once more before it multiplies a value, because tensor cores
 * take both factors of a product in a short format.
 *
 * @param sums the format of scores, exponentials, sums and log-sum-exps
 * @param weights the format of the weights that multiply the values. The sum of weights that
 *     divides the output is of weights that are not rounded to it
 * @param output the format of partial outputs
 * @param functionUlps how far its exp and log may be off, in units in the last place
 * @param longestSum the most additions that a number passes on its way into a sum over tokens, and
 *     the most rescalings; {@link #ANY_ORDER} if nothing is promised. Splits and trees make it
 *     small
 */
public record KernelRoundings(
    DType sums, DType weights, DType output, double functionUlps, long longestSum) {
  /** Sums may be added up one token after the other. */
  public static final long ANY_ORDER = Long.MAX_VALUE;

  /**
   * Checks the formats.
   *
   * @throws IllegalArgumentException if attention is not computed in one of them, or if {@code
   *     longestSum} is below 1
   */
  public KernelRoundings {
    for (DType format : new DType[] {sums, weights, output}) {
      Precision.unit(format);
    }
    if (longestSum < 1) {
      throw new IllegalArgumentException("longest sum: expected at least 1, got " + longestSum);
    }
  }

  /**
   * The kernel that makes the partial states of a convention. It rounds its weights to the format
   * of answers, which is that of queries, keys and values.
   */
  public static KernelRoundings of(Convention convention) {
    Formats formats = convention.formats();
    return new KernelRoundings(
        formats.lse(), formats.answer(), formats.partial(), convention.functionUlps(), ANY_ORDER);
  }

  /** The same kernel whose numbers pass at most so many additions. */
  public KernelRoundings longestSum(long additions) {
    return new KernelRoundings(sums, weights, output, functionUlps, additions);
  }
}
