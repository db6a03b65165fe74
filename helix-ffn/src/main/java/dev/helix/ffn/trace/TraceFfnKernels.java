package dev.helix.ffn.trace;

import dev.helix.ffn.FfnKernels;
import dev.helix.ffn.FfnLaunch;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.trace.PendingLaunch;
import dev.helix.tensor.trace.TraceRank;
import dev.helix.tensor.trace.TraceTensor;

/**
 * The FFN kernels of the {@code trace} reading, in which tensors have shapes only. They declare the
 * FLOPs that the scalar kernels document.
 */
public final class TraceFfnKernels implements FfnKernels<TraceTensor> {
  private final TraceRank rank;

  public TraceFfnKernels(TraceRank rank) {
    this.rank = rank;
  }

  /** {@inheritDoc} Declares two FLOPs for each element of the result. */
  @Override
  public TraceTensor swiGlu(TraceTensor gateUp) {
    PendingLaunch launch = rank.launch(FfnLaunch.SWI_GLU, gateUp);
    Spec activated = halved(rank, "swiGlu", gateUp.spec());
    return launch.reading(gateUp).flops(2 * activated.elements()).writing(activated);
  }

  /** The spec {@code [batch, intermediate]} of the result for {@code [batch, gateUp]}. */
  static Spec halved(TraceRank rank, String operation, Spec gateUp) {
    gateUp.require(operation, Axis.BATCH, Axis.GATE_UP);
    int both = gateUp.size(Axis.GATE_UP);
    if (both % 2 != 0) {
      throw rank.error(operation, "expected as many gates as ups, got gateUp=" + both);
    }
    return Spec.of(
        gateUp.dtype(), Axis.BATCH, gateUp.size(Axis.BATCH), Axis.INTERMEDIATE, both / 2);
  }
}
