package dev.helix.tensor.fp64;

import dev.helix.tensor.Axis;
import dev.helix.tensor.BatchRows;
import dev.helix.tensor.Contraction;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.program.Purpose;
import java.util.List;

/**
 * The common kernels in double precision on ND4J. They compute what a careful GPU engineer would
 * compute if FP64 were the deployed precision.
 */
public final class Fp64Kernels implements Kernels<Fp64Tensor> {
  private final Fp64Rank rank;
  private final Fp64Constants constants;

  /**
   * Creates the kernels of one rank.
   *
   * @param constants the weights of the run, which its ranks share
   */
  public Fp64Kernels(Fp64Rank rank, Fp64Constants constants) {
    this.rank = rank;
    this.constants = constants;
  }

  @Override
  public int rank() {
    return rank.rank();
  }

  @Override
  public Fp64Tensor constant(Spec spec, WeightSlice slice) {
    return constants.tensor(rank.rank(), spec, slice);
  }

  @Override
  public Fp64Tensor embed(Fp64Tensor table, int[] tokens) {
    rank.launch("embed", table);
    Spec rows = table.spec().require("embed table", Axis.VOCABULARY, Axis.HIDDEN);
    return pick("embed", table, Axis.VOCABULARY, tokens, batch(rows.dtype(), tokens.length, rows));
  }

  @Override
  public Fp64Tensor selectRows(Purpose purpose, Fp64Tensor x, int[] rows) {
    rank.launch("selectRows", x);
    Spec spec = x.spec().require("selectRows", Axis.BATCH, Axis.HIDDEN);
    return pick("selectRows", x, Axis.BATCH, rows, spec.resized(Axis.BATCH, rows.length));
  }

  @Override
  public Fp64Tensor rmsNorm(Purpose purpose, Fp64Tensor x, Fp64Tensor weight, double epsilon) {
    rank.launch("rmsNorm", x, weight);
    Axis normed = x.spec().has(Axis.QUERY_LATENT) ? Axis.QUERY_LATENT : Axis.HIDDEN;
    x.spec().require("rmsNorm", Axis.BATCH, normed);
    weight.spec().require("rmsNorm weight", normed);
    int hidden = x.spec().size(normed);
    requireEqual("rmsNorm", "weight", hidden, weight.spec().size(normed), x.spec());
    Fp64Tensor result = rank.allocate(x.spec());
    for (int row = 0; row < x.spec().size(Axis.BATCH); row++) {
      long from = (long) row * hidden;
      double squares = 0;
      for (int i = 0; i < hidden; i++) {
        double component = x.region().get(from + i);
        squares += component * component;
      }
      double rms = Math.sqrt(squares / hidden + epsilon);
      for (int i = 0; i < hidden; i++) {
        result.region().set(from + i, x.region().get(from + i) / rms * weight.region().get(i));
      }
    }
    return result;
  }

  @Override
  public Fp64Tensor linear(Purpose purpose, Fp64Tensor x, Fp64Tensor weight) {
    return product("linear", x, weight);
  }

  @Override
  public Fp64Tensor partialLinear(Purpose purpose, Fp64Tensor x, Fp64Tensor weight) {
    return product("partialLinear", x, weight);
  }

  @Override
  public Fp64Tensor add(Purpose purpose, Fp64Tensor x, Fp64Tensor y) {
    rank.launch("add", x, y);
    if (!x.spec().dims().equals(y.spec().dims())) {
      throw new IllegalArgumentException("add: %s and %s".formatted(x.spec(), y.spec()));
    }
    Fp64Tensor sum = rank.allocate(x.spec());
    for (long i = 0; i < sum.region().length(); i++) {
      sum.region().set(i, x.region().get(i) + y.region().get(i));
    }
    return sum;
  }

  /** {@inheritDoc} The result keeps the memory of the whole tensor alive. */
  @Override
  public Fp64Tensor rows(Fp64Tensor x, int from, int to) {
    rank.requireOwn("rows", x);
    Spec spec = BatchRows.part("rows", x.spec(), from, to);
    long width = x.spec().stride(1);
    return new Fp64Tensor(spec, rank.rank(), x.region().part(from * width, spec.elements()));
  }

  @Override
  public Fp64Tensor stackRows(List<Fp64Tensor> parts) {
    parts.forEach(part -> rank.requireOwn("stackRows", part));
    Spec spec = BatchRows.stack("stackRows", parts.stream().map(Fp64Tensor::spec).toList());
    Fp64Tensor stacked = rank.allocate(spec);
    long at = 0;
    for (Fp64Tensor part : parts) {
      for (long i = 0; i < part.region().length(); i++) {
        stacked.region().set(at++, part.region().get(i));
      }
    }
    return stacked;
  }

  @Override
  public double[] toHost(Fp64Tensor x) {
    rank.requireOwn("toHost", x);
    return x.toArray();
  }

  private Fp64Tensor product(String operation, Fp64Tensor x, Fp64Tensor weight) {
    rank.launch(operation, x, weight);
    Contraction.require(operation + " on rank " + rank.rank(), x.spec(), weight.spec());
    Dim rows = x.spec().dims().get(0);
    Dim out = weight.spec().dims().get(0);
    int inner = x.spec().stride(1);
    Fp64Tensor result = rank.allocate(Spec.of(x.spec().dtype(), rows, out));
    Blas.timesTransposed(
        rows.size(), out.size(), inner, x.region(), 0, weight.region(), 0, result.region(), 0);
    return result;
  }

  private Fp64Tensor pick(
      String operation, Fp64Tensor from, Axis axis, int[] indices, Spec resultSpec) {
    int available = from.spec().size(axis);
    int width = from.spec().inner(axis);
    Fp64Tensor result = rank.allocate(resultSpec);
    for (int row = 0; row < indices.length; row++) {
      if (indices[row] < 0 || indices[row] >= available) {
        throw new IllegalArgumentException(
            "%s: index %d is not in [0, %d) of %s"
                .formatted(operation, indices[row], available, axis));
      }
      for (int i = 0; i < width; i++) {
        double value = from.region().get((long) indices[row] * width + i);
        result.region().set((long) row * width + i, value);
      }
    }
    return result;
  }

  private static Spec batch(DType dtype, int rows, Spec table) {
    return Spec.of(dtype, Axis.BATCH, rows, Axis.HIDDEN, table.size(Axis.HIDDEN));
  }

  private static void requireEqual(
      String operation, String what, int expected, int actual, Spec operand) {
    if (expected != actual) {
      throw new IllegalArgumentException(
          "%s: %s of size %d expected for %s, got %d"
              .formatted(operation, what, expected, operand, actual));
    }
  }
}
