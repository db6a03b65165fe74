package dev.helix.tensor.scalar;

import dev.helix.tensor.Axis;
import dev.helix.tensor.BatchRows;
import dev.helix.tensor.Contraction;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.program.Purpose;
import java.util.List;

/**
 * The common kernels by their formulas, one element after the other, in any arithmetic. Sums start
 * from zero and run in the order of the index.
 *
 * @param <S> a number
 */
public final class ScalarKernels<S> implements Kernels<ScalarTensor<S>> {
  private final ScalarRank<S> rank;
  private final ScalarConstants<S> constants;
  private final Arithmetic<S> arithmetic;

  /**
   * Creates the kernels of one rank.
   *
   * @param constants the weights of the run, which its ranks share
   */
  public ScalarKernels(ScalarRank<S> rank, ScalarConstants<S> constants) {
    this.rank = rank;
    this.constants = constants;
    this.arithmetic = rank.arithmetic();
  }

  @Override
  public int rank() {
    return rank.rank();
  }

  @Override
  public ScalarTensor<S> constant(Spec spec, WeightSlice slice) {
    return constants.tensor(rank.rank(), arithmetic, spec, slice);
  }

  @Override
  public ScalarTensor<S> embed(ScalarTensor<S> table, int[] tokens) {
    rank.launch("embed", table);
    table.spec().require("embed table", Axis.VOCABULARY, Axis.HIDDEN);
    int hidden = table.spec().size(Axis.HIDDEN);
    Spec rows = Spec.of(table.spec().dtype(), Axis.BATCH, tokens.length, Axis.HIDDEN, hidden);
    return pick("embed", table, Axis.VOCABULARY, tokens, rows);
  }

  @Override
  public ScalarTensor<S> selectRows(Purpose purpose, ScalarTensor<S> x, int[] rows) {
    rank.launch("selectRows", x);
    x.spec().require("selectRows", Axis.BATCH, Axis.HIDDEN);
    return pick("selectRows", x, Axis.BATCH, rows, x.spec().resized(Axis.BATCH, rows.length));
  }

  /**
   * Normalises each row of h elements with h additions and products of squares, one mean, one root,
   * h quotients and h products.
   */
  @Override
  public ScalarTensor<S> rmsNorm(
      Purpose purpose, ScalarTensor<S> x, ScalarTensor<S> weight, double epsilon) {
    rank.launch("rmsNorm", x, weight);
    Axis axis = x.spec().has(Axis.QUERY_LATENT) ? Axis.QUERY_LATENT : Axis.HIDDEN;
    x.spec().require("rmsNorm", Axis.BATCH, axis);
    weight.spec().require("rmsNorm weight", axis);
    int hidden = x.spec().size(axis);
    rank.requireEqual("rmsNorm", "size of the weight", hidden, weight.spec().size(axis));
    ScalarTensor<S> normed = rank.allocate(x.spec());
    if (hidden == 0) {
      return normed;
    }
    for (int row = 0; row < x.spec().size(Axis.BATCH); row++) {
      S squares = arithmetic.zero();
      for (int i = 0; i < hidden; i++) {
        S component = x.get(row * hidden + i);
        squares = arithmetic.addProduct(squares, component, component);
      }
      S mean = arithmetic.divide(squares, arithmetic.of(hidden));
      S rms = arithmetic.squareRoot(arithmetic.add(mean, arithmetic.of(epsilon)));
      for (int i = 0; i < hidden; i++) {
        S unit = arithmetic.divide(x.get(row * hidden + i), rms);
        normed.set(row * hidden + i, arithmetic.multiply(unit, weight.get(i)));
      }
    }
    return normed;
  }

  @Override
  public ScalarTensor<S> linear(Purpose purpose, ScalarTensor<S> x, ScalarTensor<S> weight) {
    return product("linear", x, weight);
  }

  @Override
  public ScalarTensor<S> partialLinear(Purpose purpose, ScalarTensor<S> x, ScalarTensor<S> weight) {
    return product("partialLinear", x, weight);
  }

  @Override
  public ScalarTensor<S> add(Purpose purpose, ScalarTensor<S> x, ScalarTensor<S> y) {
    rank.launch("add", x, y);
    if (!x.spec().dims().equals(y.spec().dims())) {
      throw rank.error(
          "add", "expected operands of the same axes, got %s and %s".formatted(x.spec(), y.spec()));
    }
    ScalarTensor<S> sum = rank.allocate(x.spec());
    for (int i = 0; i < x.spec().elements(); i++) {
      sum.set(i, arithmetic.add(x.get(i), y.get(i)));
    }
    return sum;
  }

  @Override
  public ScalarTensor<S> rows(ScalarTensor<S> x, int from, int to) {
    rank.requireOwn("rows", x);
    Spec spec = BatchRows.part("rows", x.spec(), from, to);
    ScalarTensor<S> part = rank.allocate(spec);
    part.copy(x, from * x.spec().stride(1), 0, Math.toIntExact(spec.elements()));
    return part;
  }

  @Override
  public ScalarTensor<S> stackRows(List<ScalarTensor<S>> parts) {
    parts.forEach(part -> rank.requireOwn("stackRows", part));
    Spec spec = BatchRows.stack("stackRows", parts.stream().map(ScalarTensor::spec).toList());
    ScalarTensor<S> stacked = rank.allocate(spec);
    int at = 0;
    for (ScalarTensor<S> part : parts) {
      int count = Math.toIntExact(part.spec().elements());
      stacked.copy(part, 0, at, count);
      at += count;
    }
    return stacked;
  }

  @Override
  public double[] toHost(ScalarTensor<S> x) {
    rank.requireOwn("toHost", x);
    double[] values = new double[Math.toIntExact(x.spec().elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          x.isNegativeInfinity(i) ? Double.NEGATIVE_INFINITY : arithmetic.toDouble(x.get(i));
    }
    return values;
  }

  /** Multiplies with m·n·k multiplications and as many additions. */
  private ScalarTensor<S> product(String operation, ScalarTensor<S> x, ScalarTensor<S> weight) {
    rank.launch(operation, x, weight);
    Contraction.require(operation + " on rank " + rank.rank(), x.spec(), weight.spec());
    Dim rows = x.spec().dims().get(0);
    Dim out = weight.spec().dims().get(0);
    int inner = x.spec().stride(1);
    ScalarTensor<S> result = rank.allocate(Spec.of(x.spec().dtype(), rows, out));
    for (int row = 0; row < rows.size(); row++) {
      for (int column = 0; column < out.size(); column++) {
        S sum = arithmetic.zero();
        for (int i = 0; i < inner; i++) {
          sum = arithmetic.addProduct(sum, x.get(row * inner + i), weight.get(column * inner + i));
        }
        result.set(row * out.size() + column, sum);
      }
    }
    return result;
  }

  private ScalarTensor<S> pick(
      String operation, ScalarTensor<S> from, Axis axis, int[] indices, Spec resultSpec) {
    int available = from.spec().size(axis);
    int width = from.spec().inner(axis);
    ScalarTensor<S> picked = rank.allocate(resultSpec);
    for (int row = 0; row < indices.length; row++) {
      if (indices[row] < 0 || indices[row] >= available) {
        throw rank.error(
            operation,
            "expected indices of %s in [0, %d), got %d".formatted(axis, available, indices[row]));
      }
      for (int i = 0; i < width; i++) {
        picked.set(row * width + i, from.get(indices[row] * width + i));
      }
    }
    return picked;
  }
}
