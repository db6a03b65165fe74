package dev.helix.attention.convention;

import dev.helix.tensor.DType;

/**
 * How a kernel that attends over one rank's tokens rounds: scores, exponentials and sums are in the
 * format of log-sum-exps, and each weight is rounded once more before it multiplies a value,
 * because tensor cores take both factors of a product in a short format.
 *
 * @param roundings the formats of output and log-sum-exp, and the accuracy of exp and log
 * @param weights the format of the weights that multiply the values. The sum of weights that
 *     divides the output is of weights that are not rounded to it
 */
public record KernelRoundings(Roundings roundings, DType weights) {
  /**
   * Checks the format.
   *
   * @throws IllegalArgumentException if weights are in a format that no kernel multiplies in
   */
  public KernelRoundings {
    Precision.unit(weights);
  }

  /** The kernel that rounds its weights to the format of its outputs. */
  public static KernelRoundings of(Precision precision) {
    return new KernelRoundings(Roundings.of(precision), precision.output());
  }

  /** The format of scores, sums and log-sum-exps. */
  public DType sums() {
    return roundings.precision().lse();
  }

  /** The format of partial outputs. */
  public DType output() {
    return roundings.precision().output();
  }
}
