package dev.helix.tensor.trace;

import dev.helix.tensor.Axis;
import dev.helix.tensor.BatchRows;
import dev.helix.tensor.Contraction;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Purpose;
import dev.helix.tensor.program.TensorLaunch;
import java.util.List;

/**
 * The common kernels of the {@code trace} reading, in which tensors have shapes only. They declare
 * the FLOPs that the scalar kernels document.
 */
public final class TraceKernels implements Kernels<TraceTensor> {
  private final TraceRank rank;

  public TraceKernels(TraceRank rank) {
    this.rank = rank;
  }

  @Override
  public int rank() {
    return rank.rank();
  }

  /** Keeps the spec and never asks for the numbers. */
  @Override
  public TraceTensor constant(Spec spec, WeightSlice slice) {
    return rank.constant(spec);
  }

  /** {@inheritDoc} The launch reads the rows that it picks. */
  @Override
  public TraceTensor embed(TraceTensor table, int[] tokens) {
    PendingLaunch launch = rank.launch(TensorLaunch.EMBED, Phase.EMBEDDING, table);
    table.spec().require("embed table", Axis.VOCABULARY, Axis.HIDDEN);
    int hidden = table.spec().size(Axis.HIDDEN);
    Spec rows = Spec.of(table.spec().dtype(), Axis.BATCH, tokens.length, Axis.HIDDEN, hidden);
    return launch.reading(rows).writing(rows);
  }

  /** {@inheritDoc} The launch reads the rows that it picks. */
  @Override
  public TraceTensor selectRows(Purpose purpose, TraceTensor x, int[] rows) {
    PendingLaunch launch = rank.launch(TensorLaunch.SELECT_ROWS, purpose, x);
    x.spec().require("selectRows", Axis.BATCH, Axis.HIDDEN);
    Spec picked = x.spec().resized(Axis.BATCH, rows.length);
    return launch.reading(picked).writing(picked);
  }

  @Override
  public TraceTensor after(TraceTensor x, TraceTensor decision) {
    rank.requireOwn("after", x);
    rank.requireOwn("after", decision);
    return x.after(decision);
  }

  /** {@inheritDoc} Declares 3h + 1 FLOPs for each row of h &gt; 0 elements. */
  @Override
  public TraceTensor rmsNorm(Purpose purpose, TraceTensor x, TraceTensor weight, double epsilon) {
    PendingLaunch launch = rank.launch(TensorLaunch.RMS_NORM, purpose, x, weight);
    Axis axis = x.spec().has(Axis.QUERY_LATENT) ? Axis.QUERY_LATENT : Axis.HIDDEN;
    x.spec().require("rmsNorm", Axis.BATCH, axis);
    weight.spec().require("rmsNorm weight", axis);
    int hidden = x.spec().size(axis);
    rank.requireEqual("rmsNorm", "size of the weight", hidden, weight.spec().size(axis));
    return launch
        .reading(x)
        .reading(weight)
        .flops(hidden == 0 ? 0 : x.spec().size(Axis.BATCH) * (3L * hidden + 1))
        .writing(x.spec());
  }

  @Override
  public TraceTensor linear(Purpose purpose, TraceTensor x, TraceTensor weight) {
    return product(TensorLaunch.LINEAR, purpose, x, weight);
  }

  @Override
  public TraceTensor partialLinear(Purpose purpose, TraceTensor x, TraceTensor weight) {
    return product(TensorLaunch.PARTIAL_LINEAR, purpose, x, weight);
  }

  /** {@inheritDoc} Declares one FLOP for each element. */
  @Override
  public TraceTensor add(Purpose purpose, TraceTensor x, TraceTensor y) {
    PendingLaunch launch = rank.launch(TensorLaunch.ADD, purpose, x, y);
    if (!x.spec().dims().equals(y.spec().dims())) {
      throw rank.error(
          "add", "expected operands of the same axes, got %s and %s".formatted(x.spec(), y.spec()));
    }
    return launch.reading(x).reading(y).flops(x.spec().elements()).writing(x.spec());
  }

  @Override
  public TraceTensor rows(TraceTensor x, int from, int to) {
    rank.requireOwn("rows", x);
    return x.rows(BatchRows.part("rows", x.spec(), from, to), from, to);
  }

  @Override
  public TraceTensor stackRows(List<TraceTensor> parts) {
    parts.forEach(part -> rank.requireOwn("stackRows", part));
    Spec spec = BatchRows.stack("stackRows", parts.stream().map(TraceTensor::spec).toList());
    return TraceTensor.stacked(spec, parts);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException always: a trace has no numbers
   */
  @Override
  public double[] toHost(TraceTensor x) {
    throw new IllegalStateException("a trace has no numbers, expected none of " + x.spec());
  }

  /**
   * Declares 2·m·n·k FLOPs, in the number format of the weight, to which activations are converted.
   */
  private TraceTensor product(
      TensorLaunch kind, Purpose purpose, TraceTensor x, TraceTensor weight) {
    PendingLaunch launch = rank.launch(kind, purpose, x, weight);
    Contraction.require(kind.operation(), x.spec(), weight.spec());
    Dim rows = x.spec().dims().get(0);
    Dim out = weight.spec().dims().get(0);
    return launch
        .reading(x)
        .reading(weight)
        .flops(Math.multiplyExact(2L * rows.size(), weight.spec().elements()))
        .in(weight.spec().dtype())
        .writing(Spec.of(x.spec().dtype(), rows, out));
  }
}
