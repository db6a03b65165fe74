package dev.helix.runtime.dump.writing;

import dev.helix.attention.convention.ArrayIndex;
import dev.helix.attention.convention.AxisOrder;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Layout;
import dev.helix.attention.merge.ConventionMerge;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.record.PartialRow;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes partial states and merged outputs in the formats and the layout of a convention. */
final class StateArrays {
  private final Convention convention;
  private final DumpedWeights weights;
  private final RankFile file;

  StateArrays(Convention convention, RankFile file) {
    this.convention = convention;
    this.weights = new DumpedWeights(convention);
    this.file = file;
  }

  /**
   * Writes the states of a rank's own tokens.
   *
   * @param prefix of the names of tensors
   * @param rows those of each query token
   */
  void partials(String prefix, List<PartialRow> rows) {
    // One part is written as an answer is, whose arrays have no axis of shards.
    outputs(
        prefix + "partial_o",
        rows.stream().map(PartialRow::output).toList(),
        rows.get(0).lse().length,
        convention.formats().partial());
    weights(prefix, rows.stream().map(List::of).toList(), false);
  }

  /**
   * Writes the states that an exchange has brought.
   *
   * @param prefix of the names of tensors
   * @param rows for each query token, the parts of the peers in order
   */
  void received(String prefix, List<List<PartialRow>> rows) {
    int peers = rows.get(0).size();
    int heads = rows.get(0).get(0).lse().length;
    int dim = rows.get(0).get(0).output().length / Math.max(1, heads);
    ArrayIndex index = new ArrayIndex(dense(), peers, rows.size(), heads, dim);
    double[] outputs = new double[index.rows() * dim];
    for (int token = 0; token < rows.size(); token++) {
      for (int peer = 0; peer < peers; peer++) {
        for (int head = 0; head < heads; head++) {
          int at = index.output(peer, token, head) * dim;
          System.arraycopy(rows.get(token).get(peer).output(), head * dim, outputs, at, dim);
        }
      }
    }
    file.numbers(
        prefix + "received_o",
        convention.formats().partial(),
        axes(convention.layout().outputs(), true, DumpAxis.HEAD_DIM),
        index.outputShape(),
        outputs);
    weights(prefix + "received_", rows, true);
  }

  /**
   * Writes merged outputs.
   *
   * @param rows those of each query token, {@code [heads, dim]}
   */
  void merged(String prefix, List<double[]> rows, int heads) {
    outputs(prefix + "output", rows, heads, convention.formats().answer());
  }

  /**
   * Writes the merged log-sum-exps of a merge that answers with them.
   *
   * @param rows the parts of each query token, in the order of peers
   */
  void mergedLses(String prefix, List<List<PartialRow>> rows) {
    int heads = rows.get(0).get(0).lse().length;
    ArrayIndex index = new ArrayIndex(dense(), 1, rows.size(), heads, 0);
    ConventionMerge merge = new ConventionMerge(convention);
    double[] all = new double[index.rows()];
    for (int token = 0; token < rows.size(); token++) {
      List<PartialRow> parts = rows.get(token);
      for (int head = 0; head < heads; head++) {
        int row = head;
        double[] lses = parts.stream().mapToDouble(part -> weights.read(part.lse()[row])).toArray();
        double[][] outputs =
            parts.stream().map(part -> output(part, row, heads)).toArray(double[][]::new);
        all[index.weight(0, token, head)] = merge.mergedLse(lses, outputs);
      }
    }
    file.numbers(
        prefix + "merged_lse",
        convention.formats().lse(),
        axes(convention.layout().lses(), false),
        index.answerWeightShape(),
        all);
  }

  private static double[] output(PartialRow part, int head, int heads) {
    int dim = part.output().length / heads;
    return Arrays.copyOfRange(part.output(), head * dim, (head + 1) * dim);
  }

  private void outputs(String name, List<double[]> rows, int heads, DType format) {
    int dim = rows.get(0).length / heads;
    ArrayIndex index = new ArrayIndex(dense(), 1, rows.size(), heads, dim);
    double[] outputs = new double[index.rows() * dim];
    for (int token = 0; token < rows.size(); token++) {
      for (int head = 0; head < heads; head++) {
        System.arraycopy(
            rows.get(token), head * dim, outputs, index.output(0, token, head) * dim, dim);
      }
    }
    file.numbers(
        name,
        format,
        axes(convention.layout().outputs(), false, DumpAxis.HEAD_DIM),
        index.answerShape(),
        outputs);
  }

  private void weights(String prefix, List<List<PartialRow>> rows, boolean peersHaveAnAxis) {
    int peers = rows.get(0).size();
    int heads = rows.get(0).get(0).lse().length;
    ArrayIndex index = new ArrayIndex(dense(), peers, rows.size(), heads, 0);
    int size = weights.size();
    double[] all = new double[index.rows() * size];
    for (int token = 0; token < rows.size(); token++) {
      for (int peer = 0; peer < peers; peer++) {
        for (int head = 0; head < heads; head++) {
          double[] numbers = weights.of(rows.get(token).get(peer).lse()[head]);
          System.arraycopy(numbers, 0, all, index.weight(peer, token, head) * size, size);
        }
      }
    }
    List<Integer> shape =
        new ArrayList<>(peersHaveAnAxis ? index.weightShape() : index.answerWeightShape());
    AxisOrder order = convention.layout().lses();
    if (convention.pairs()) {
      shape.add(size);
    }
    file.numbers(
        prefix + (convention.pairs() ? "stats" : "lse"),
        convention.formats().lse(),
        convention.pairs()
            ? axes(order, peersHaveAnAxis, DumpAxis.STATISTICS)
            : axes(order, peersHaveAnAxis),
        shape,
        all);
  }

  /** The layout without padding, whose weights have arrays of their own. */
  private Layout dense() {
    return convention.layout().packed(Layout.Packing.SEPARATE).padded(Layout.Padding.NONE);
  }

  private List<DumpAxis> axes(AxisOrder order, boolean peers, DumpAxis... last) {
    boolean tokensFirst = order == AxisOrder.TOKENS_FIRST;
    List<DumpAxis> axes = new ArrayList<>();
    axes.add(tokensFirst ? DumpAxis.BATCH : DumpAxis.HEADS);
    axes.add(tokensFirst ? DumpAxis.HEADS : DumpAxis.BATCH);
    if (peers) {
      axes.add(convention.layout().shards().place(), DumpAxis.PEERS);
    }
    axes.addAll(List.of(last));
    return axes;
  }
}
