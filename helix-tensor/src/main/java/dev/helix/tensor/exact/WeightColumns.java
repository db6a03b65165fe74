package dev.helix.tensor.exact;

import dev.helix.tensor.Spec;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns of a weight {@code [out, in]}: what one element of the input multiplies, for all
 * outputs.
 */
record WeightColumns(List<double[]> columns, List<ValueRange> ranges, List<IntegerRange> integers) {
  static WeightColumns of(Spec spec, double[] values) {
    int out = spec.dims().get(0).size();
    int in = spec.dims().get(1).size();
    List<double[]> columns = new ArrayList<>(in);
    List<ValueRange> ranges = new ArrayList<>(in);
    List<IntegerRange> integers = new ArrayList<>(in);
    for (int i = 0; i < in; i++) {
      double[] column = new double[out];
      for (int o = 0; o < out; o++) {
        column[o] = values[o * in + i];
      }
      columns.add(column);
      ranges.add(ValueRange.of("a weight", column, 0, out));
      integers.add(IntegerRange.of("a weight", column));
    }
    return new WeightColumns(columns, ranges, integers);
  }
}
