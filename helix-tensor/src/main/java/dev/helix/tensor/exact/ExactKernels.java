package dev.helix.tensor.exact;

import dev.helix.tensor.Axis;
import dev.helix.tensor.BatchRows;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.program.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The common kernels of the {@code exact} reading, whose results do not depend on the layout in any
 * bit. What no layout splits is computed in one fixed order, each row of a batch by itself. What a
 * layout splits stays an exact sum.
 */
public final class ExactKernels implements Kernels<ExactTensor> {
  private final ExactRank rank;
  private final ExactConstants constants;
  private final ExactProjections projections;

  /**
   * Creates the kernels of one rank.
   *
   * @param constants the weights of the run, which its ranks share
   */
  public ExactKernels(ExactRank rank, ExactConstants constants) {
    this.rank = rank;
    this.constants = constants;
    this.projections = new ExactProjections(constants);
  }

  @Override
  public int rank() {
    return rank.rank();
  }

  @Override
  public ExactTensor constant(Spec spec, WeightSlice slice) {
    return constants.tensor(rank.rank(), spec, slice);
  }

  @Override
  public ExactTensor embed(ExactTensor table, int[] tokens) {
    rank.launch("embed", table);
    Spec spec = table.spec().require("embed table", Axis.VOCABULARY, Axis.HIDDEN);
    Dim hidden = new Dim(Axis.HIDDEN, spec.size(Axis.HIDDEN));
    Spec result = Spec.of(spec.dtype(), new Dim(Axis.BATCH, tokens.length), hidden);
    return pick("embed", table, Axis.VOCABULARY, tokens, result);
  }

  @Override
  public ExactTensor selectRows(Purpose purpose, ExactTensor x, int[] rows) {
    rank.launch("selectRows", x);
    Spec spec = x.spec().require("selectRows", Axis.BATCH, Axis.HIDDEN);
    return pick("selectRows", x, Axis.BATCH, rows, spec.resized(Axis.BATCH, rows.length));
  }

  /**
   * Normalises each row, y = x / √(Σx²/n + ε) · w. The squares are summed as a dot product in fixed
   * order.
   */
  @Override
  public ExactTensor rmsNorm(Purpose purpose, ExactTensor x, ExactTensor weight, double epsilon) {
    rank.launch("rmsNorm", x, weight);
    Axis axis = x.spec().has(Axis.QUERY_LATENT) ? Axis.QUERY_LATENT : Axis.HIDDEN;
    Spec spec = x.spec().require("rmsNorm", Axis.BATCH, axis);
    int hidden = spec.size(axis);
    weight.spec().require("rmsNorm weight", axis);
    rank.requireEqual("rmsNorm", "size of weight", hidden, weight.spec().size(axis));
    double[] from = x.values("rmsNorm");
    double[] scale = weight.values("rmsNorm");
    double[] normed = new double[from.length];
    for (int row = 0; row < from.length; row += hidden) {
      FixedOrder.rmsNorm("rmsNorm", from, row, scale, epsilon, normed, row);
    }
    return rank.computed("rmsNorm", spec, normed);
  }

  /** Computes each element as a dot product in fixed order. */
  @Override
  public ExactTensor linear(Purpose purpose, ExactTensor x, ExactTensor weight) {
    rank.launch("linear", x, weight);
    Spec result = productSpec("linear", x, weight);
    int rows = result.dims().get(0).size();
    int out = result.dims().get(1).size();
    int in = weight.spec().stride(1);
    double[] from = x.values("linear");
    double[] products = new double[rows * out];
    for (int row = 0; row < rows; row++) {
      projections.inFixedOrder(from, row * in, weight, products, row * out);
    }
    return rank.computed("linear", result, products);
  }

  /** Computes exact sums of exact products, which are not rounded here. */
  @Override
  public ExactTensor partialLinear(Purpose purpose, ExactTensor x, ExactTensor weight) {
    rank.launch("partialLinear", x, weight);
    Spec result = productSpec("partialLinear", x, weight);
    int rows = result.dims().get(0).size();
    int out = result.dims().get(1).size();
    int in = weight.spec().stride(1);
    double[] from = x.values("partialLinear");
    List<ExactSums> sums = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      ExactSums sum = new ExactSums(out);
      projections.addTo(sum, from, row * in, weight);
      sums.add(sum);
    }
    return rank.unfinished(result, sums);
  }

  @Override
  public ExactTensor add(Purpose purpose, ExactTensor x, ExactTensor y) {
    rank.launch("add", x, y);
    if (!x.spec().dims().equals(y.spec().dims())) {
      throw rank.error(
          "add", "expected operands of the same axes, got %s and %s".formatted(x.spec(), y.spec()));
    }
    double[] left = x.values("add");
    double[] right = y.values("add");
    double[] sum = new double[left.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = left[i] + right[i];
    }
    return rank.computed("add", x.spec(), sum);
  }

  /** {@inheritDoc} The results are exact sums of both, which are not rounded here. */
  @Override
  public ExactTensor partialAdd(Purpose purpose, ExactTensor x, ExactTensor y) {
    rank.launch("partialAdd", x, y);
    if (!x.spec().dims().equals(y.spec().dims())) {
      throw rank.error(
          "partialAdd",
          "expected operands of the same axes, got %s and %s".formatted(x.spec(), y.spec()));
    }
    List<ExactSums> left = x.sums("partialAdd");
    List<ExactSums> right = y.sums("partialAdd");
    List<ExactSums> sums = new ArrayList<>(left.size());
    for (int run = 0; run < left.size(); run++) {
      ExactSums sum = new ExactSums(left.get(run).size());
      sum.add(left.get(run));
      sum.add(right.get(run));
      sums.add(sum);
    }
    return rank.unfinished(x.spec(), sums);
  }

  /** {@inheritDoc} Sums stay unrounded, and the result shares them with {@code x}. */
  @Override
  public ExactTensor rows(ExactTensor x, int from, int to) {
    rank.requireOwn("rows", x);
    Spec spec = BatchRows.part("rows", x.spec(), from, to);
    int width = x.spec().stride(1);
    if (!x.isUnfinished()) {
      return rank.tensor(spec, Arrays.copyOfRange(x.values("rows"), from * width, to * width));
    }
    int runs = width / ExactTensor.runLength(x.spec());
    return rank.unfinished(spec, x.sums("rows").subList(from * runs, to * runs));
  }

  /** {@inheritDoc} Either all parts hold sums, or none does. */
  @Override
  public ExactTensor stackRows(List<ExactTensor> parts) {
    parts.forEach(part -> rank.requireOwn("stackRows", part));
    Spec spec = BatchRows.stack("stackRows", parts.stream().map(ExactTensor::spec).toList());
    if (parts.stream().noneMatch(ExactTensor::isUnfinished)) {
      double[] values =
          parts.stream().flatMapToDouble(part -> Arrays.stream(part.values("stackRows"))).toArray();
      return rank.tensor(spec, values);
    }
    return rank.unfinished(
        spec, parts.stream().flatMap(part -> part.sums("stackRows").stream()).toList());
  }

  /** {@inheritDoc} Sums that are not complete are rounded in the returned array only. */
  @Override
  public double[] toHost(ExactTensor x) {
    rank.requireOwn("toHost", x);
    if (!x.isUnfinished()) {
      return x.values("toHost").clone();
    }
    return x.sums("toHost").stream().flatMapToDouble(run -> Arrays.stream(run.round())).toArray();
  }

  private Spec productSpec(String operation, ExactTensor x, ExactTensor weight) {
    Spec left = x.spec();
    Spec right = weight.spec();
    boolean shaped =
        left.axisCount() >= 2 && left.dims().get(0).axis() == Axis.BATCH && right.axisCount() == 2;
    // Several inner axes have no common name; a single one must be the weight's.
    boolean named =
        shaped && (left.axisCount() > 2 || left.dims().get(1).axis() == right.dims().get(1).axis());
    if (!named) {
      throw rank.error(
          operation, "expected [batch, in]·[out, in]ᵀ, got %s and %s".formatted(left, right));
    }
    rank.requireEqual(
        operation,
        "contracted axes of %s and %s".formatted(left, right),
        left.stride(1),
        right.stride(1));
    return Spec.of(left.dtype(), left.dims().get(0), right.dims().get(0));
  }

  private ExactTensor pick(
      String operation, ExactTensor from, Axis axis, int[] indices, Spec result) {
    int available = from.spec().size(axis);
    int width = from.spec().inner(axis);
    double[] picked = new double[indices.length * width];
    for (int row = 0; row < indices.length; row++) {
      if (indices[row] < 0 || indices[row] >= available) {
        throw rank.error(
            operation,
            "expected indices of %s in [0, %d), got %d".formatted(axis, available, indices[row]));
      }
      System.arraycopy(from.values(operation), indices[row] * width, picked, row * width, width);
    }
    return rank.tensor(result, picked);
  }
}
