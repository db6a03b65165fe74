package dev.helix.ffn.trace;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.FfnLaunch;
import dev.helix.ffn.MoeKernels;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.trace.PendingLaunch;
import dev.helix.tensor.trace.TraceRank;
import dev.helix.tensor.trace.TraceTensor;
import java.util.List;

/**
 * The kernels of a mixture of experts of the {@code trace} reading, in which tensors have shapes
 * only. They declare the FLOPs that the scalar kernels document. Only the active ones of the rank's
 * experts are read.
 */
public final class TraceMoeKernels implements MoeKernels<TraceTensor> {
  private final TraceRank rank;

  public TraceMoeKernels(TraceRank rank) {
    this.rank = rank;
  }

  /** {@inheritDoc} Declares 2·gateUp·hidden FLOPs for each assignment. */
  @Override
  public TraceTensor groupedLinear(TraceTensor x, List<TraceTensor> weights, Dispatch dispatch) {
    PendingLaunch launch = rank.launch(FfnLaunch.GROUPED_LINEAR, x);
    x.spec().require("groupedLinear", Axis.BATCH, Axis.HIDDEN);
    Spec weight = requireAlike("groupedLinear", weights, dispatch, Axis.GATE_UP, Axis.HIDDEN);
    rank.requireEqual("groupedLinear", "assignments", dispatch.size(), x.spec().size(Axis.BATCH));
    rank.requireEqual("groupedLinear", "hidden", x.spec().stride(1), weight.stride(1));
    return launch
        .reading(x)
        .reading(active(weight, dispatch))
        .flops(Math.multiplyExact(2L * dispatch.size(), weight.elements()))
        .in(weight.dtype())
        .writing(Spec.of(x.spec().dtype(), x.spec().dims().get(0), weight.dims().get(0)));
  }

  /** {@inheritDoc} Declares three FLOPs for each element of the result. */
  @Override
  public TraceTensor weightedSwiGlu(TraceTensor gateUp, Dispatch dispatch) {
    PendingLaunch launch = rank.launch(FfnLaunch.WEIGHTED_SWI_GLU, gateUp);
    Spec activated = TraceFfnKernels.halved(rank, "weightedSwiGlu", gateUp.spec());
    rank.requireEqual("weightedSwiGlu", "assignments", dispatch.size(), activated.size(Axis.BATCH));
    return launch.reading(gateUp).flops(3 * activated.elements()).writing(activated);
  }

  /** {@inheritDoc} Declares 2·hidden·intermediate FLOPs for each assignment. */
  @Override
  public TraceTensor combineExperts(
      TraceTensor activated, List<TraceTensor> downs, Dispatch dispatch, int tokens) {
    PendingLaunch launch = rank.launch(FfnLaunch.COMBINE_EXPERTS, activated);
    Spec spec = activated.spec().require("combineExperts", Axis.BATCH, Axis.INTERMEDIATE);
    Spec weight = requireAlike("combineExperts", downs, dispatch, Axis.HIDDEN, Axis.INTERMEDIATE);
    rank.requireEqual("combineExperts", "assignments", dispatch.size(), spec.size(Axis.BATCH));
    rank.requireEqual("combineExperts", "columns", spec.stride(1), weight.stride(1));
    return launch
        .reading(activated)
        .reading(active(weight, dispatch))
        .flops(Math.multiplyExact(2L * dispatch.size(), weight.elements()))
        .in(weight.dtype())
        .writing(Spec.of(spec.dtype(), new Dim(Axis.BATCH, tokens), weight.dims().get(0)));
  }

  /**
   * {@inheritDoc} Declares for each element of the result one FLOP fewer than its token has rows.
   */
  @Override
  public TraceTensor sumByToken(TraceTensor terms, List<Integer> tokenOfRow, int tokens) {
    PendingLaunch launch = rank.launch(FfnLaunch.SUM_BY_TOKEN, terms);
    Spec spec = terms.spec().require("sumByToken", Axis.BATCH, Axis.HIDDEN);
    rank.requireEqual("sumByToken", "rows", tokenOfRow.size(), spec.size(Axis.BATCH));
    long additions = tokenOfRow.size() - tokenOfRow.stream().distinct().count();
    return launch
        .reading(terms)
        .flops(additions * spec.size(Axis.HIDDEN))
        .writing(spec.resized(Axis.BATCH, tokens));
  }

  /**
   * The weights of the active experts, one below the other. An expected number of experts is a
   * fraction. It is rounded to a whole row of one expert's weights, because a spec has whole rows
   * only.
   */
  private static Spec active(Spec weight, Dispatch dispatch) {
    Dim rows = weight.dims().get(0);
    long active = Math.round(dispatch.activeExperts() * rows.size());
    return weight.resized(rows.axis(), Math.toIntExact(active));
  }

  private Spec requireAlike(
      String operation, List<TraceTensor> weights, Dispatch dispatch, Axis outer, Axis inner) {
    rank.requireEqual(operation, "experts", dispatch.counts().size(), weights.size());
    Spec first = weights.get(0).spec().require("expert weight", outer, inner);
    for (TraceTensor weight : weights) {
      rank.requireOwn(operation, weight);
      if (!weight.spec().equals(first)) {
        throw rank.error(
            operation, "expected expert weights %s, got %s".formatted(first, weight.spec()));
      }
    }
    return first;
  }
}
