package dev.helix.attention.faults.kernel;

import dev.helix.attention.PartialAttention;
import dev.helix.attention.faults.merge.RowMerge;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.RankNumbers;
import java.util.Arrays;

/** The partial states that a launch has computed, as numbers that can be overwritten. */
final class HostStates<T extends Tensor> {
  final double[] outputs;
  final double[] lses;
  private final RankNumbers<T> numbers;
  private final PartialAttention<T> part;
  private final int dim;

  private HostStates(RankNumbers<T> numbers, PartialAttention<T> part) {
    this.numbers = numbers;
    this.part = part;
    this.outputs = numbers.of(part.output());
    this.lses = numbers.of(part.lse());
    this.dim = part.output().spec().size(Axis.HEAD_DIM);
  }

  static <T extends Tensor> HostStates<T> of(RankNumbers<T> numbers, PartialAttention<T> part) {
    return new HostStates<>(numbers, part);
  }

  /** The output of a row and head. */
  double[] output(int at) {
    return Arrays.copyOfRange(outputs, at * dim, (at + 1) * dim);
  }

  void write(int at, double[] output, double lse) {
    System.arraycopy(output, 0, outputs, at * dim, dim);
    lses[at] = lse;
  }

  /** Merges tokens with this output and log-sum-exp into the state of a row and head. */
  void merge(int at, double[] output, double lse) {
    double[] merged =
        RowMerge.correct(new double[] {lses[at], lse}, new double[][] {output(at), output});
    write(at, Arrays.copyOfRange(merged, 1, merged.length), merged[0]);
  }

  /** The present states as tensors. */
  PartialAttention<T> tensors() {
    return new PartialAttention<>(
        numbers.tensor(part.output().spec(), outputs), numbers.tensor(part.lse().spec(), lses));
  }
}
