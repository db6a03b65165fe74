package dev.helix.tensor.exact;

import dev.helix.tensor.Spec;
import java.util.List;

/**
 * The columns of a weight {@code [out, in]}. A column holds the factors of one element of the input
 * for all outputs.
 */
final class WeightColumns {
  private final List<double[]> columns;

  /** Computed on first use, because a weight whose sums no layout splits never needs it. */
  private volatile List<IntegerRange> integers = List.of();

  private volatile List<ValueRange> ranges = List.of();

  private WeightColumns(List<double[]> columns) {
    this.columns = columns;
  }

  static WeightColumns of(Spec spec, double[] values) {
    int out = spec.dims().get(0).size();
    int in = spec.dims().get(1).size();
    double[][] columns = new double[in][out];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        columns[i][o] = values[o * in + i];
      }
    }
    return new WeightColumns(List.of(columns));
  }

  List<double[]> columns() {
    return columns;
  }

  /**
   * The range of each column as integers. If two ranks compute it at the same time, they find the
   * same.
   *
   * @throws ExactRangeException if a weight is NaN or infinite
   */
  List<IntegerRange> integers() {
    if (integers.isEmpty()) {
      integers = columns.stream().map(column -> IntegerRange.of("a weight", column)).toList();
    }
    return integers;
  }

  /**
   * The range of powers of two of each column. If two ranks compute it at the same time, they find
   * the same.
   *
   * @throws ExactRangeException if a weight is NaN or infinite
   */
  List<ValueRange> ranges() {
    if (ranges.isEmpty()) {
      ranges =
          columns.stream()
              .map(column -> ValueRange.of("a weight", column, 0, column.length))
              .toList();
    }
    return ranges;
  }
}
