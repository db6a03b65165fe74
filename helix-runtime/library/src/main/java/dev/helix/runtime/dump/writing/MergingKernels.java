package dev.helix.runtime.dump.writing;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.attention.merge.ConventionMerge;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.faults.RankNumbers;
import dev.helix.tensor.program.Piece;
import java.util.Arrays;
import java.util.List;

/** The kernels of one rank that merges as a convention does. */
final class MergingKernels<T extends Tensor> extends ForwardingAttentionKernels<T> {
  private final RankNumbers<T> numbers;
  private final DumpedWeights weights;
  private final ConventionMerge merge;

  MergingKernels(AttentionKernels<T> beneath, RankNumbers<T> numbers, Convention convention) {
    super(beneath);
    this.numbers = numbers;
    this.weights = new DumpedWeights(convention);
    this.merge = new ConventionMerge(convention);
  }

  @Override
  public T mergeByLse(Piece piece, PartialAttention<T> shards) {
    Spec spec = shards.output().spec();
    int parts = spec.size(Axis.SHARDS);
    double[] outputs = numbers.of(shards.output());
    double[] lses = numbers.of(shards.lse());
    int rows = lses.length / parts;
    int dim = outputs.length / lses.length;
    double[] merged = new double[rows * dim];
    for (int row = 0; row < rows; row++) {
      double[] rowLses = new double[parts];
      double[][] rowOutputs = new double[parts][];
      for (int part = 0; part < parts; part++) {
        int at = part * rows + row;
        rowLses[part] = weights.read(lses[at]);
        rowOutputs[part] = Arrays.copyOfRange(outputs, at * dim, (at + 1) * dim);
      }
      System.arraycopy(merge.merged(rowLses, rowOutputs), 0, merged, row * dim, dim);
    }
    List<Dim> dims = spec.dims().stream().filter(d -> d.axis() != Axis.SHARDS).toList();
    return numbers.tensor(new Spec(spec.dtype(), dims), merged);
  }
}
