package dev.helix.runtime.timing.validation;

import dev.helix.attention.AttentionLaunch;
import dev.helix.ffn.Dispatch;
import dev.helix.ffn.FfnLaunch;
import dev.helix.ffn.helix.MoeSharding;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.timing.cost.CostModel;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.timing.schedule.Schedule;
import dev.helix.runtime.timing.schedule.Scheduler;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.program.LaunchKind;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.program.TensorLaunch;
import dev.helix.tensor.program.TransferKind;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.RankKind;
import dev.helix.tensor.trace.RankTrace;
import dev.helix.tensor.trace.Stated;
import dev.helix.tensor.trace.Transfer;
import dev.helix.tensor.trace.Work;
import java.util.ArrayList;
import java.util.List;

/**
 * DeepSeek-R1 as it was measured. Its layout is not that of Helix but TP8 with EP8, as serving
 * systems launch it. Each GPU has 16 of the 128 heads and the whole latent cache; the down
 * projections of query and entry are one GEMM; experts and shared expert add up in one all-reduce.
 * Weights are in FP4, and the cache is in FP8.
 *
 * <p>The measurements leave some things open, so this class assumes them: a context of {@link
 * #CONTEXT} tokens; tokens that are routed at random by the model's own rule, with equally popular
 * experts, so that every layer waits for its busiest GPU; and a router whose GEMM is split over its
 * input, so that it takes the time of an eighth of it.
 */
public final class TensorParallelR1 {
  static final int CONTEXT = 1024;

  private static final int GPUS = 8;
  private static final Group ALL = new Layout(GPUS, 1, GPUS, 1).all();
  private static final long SEED = 1;

  private final ModelConfig model = ModelShape.of("deepseek-r1").config();
  private final int hidden = model.attention().hidden();
  private final int batch;
  private final LoadModel load = new LoadModel.SampledBusiestRank(SEED);
  private final List<Operation> operations = new ArrayList<>();
  private Place place = Place.Outside.EMBEDDING;

  private TensorParallelR1(int batch) {
    this.batch = batch;
  }

  /** When each operation of a step runs on a machine. */
  public static Schedule schedule(Machine machine, int batch) {
    return new Scheduler(CostModel.inStep(machine), Accounting.PER_PIECE)
        .schedule(List.of(trace(batch)));
  }

  /** The trace of one step of a batch on the GPUs, which all do the same. */
  private static RankKind trace(int batch) {
    return new RankKind(new TensorParallelR1(batch).trace(), ALL.ranks());
  }

  private RankTrace trace() {
    elementwise(TensorLaunch.EMBED, Phase.EMBEDDING, rows(hidden), rows(hidden));
    Mixture mixture = model.mixture().orElseThrow();
    for (int layer = 0; layer < model.layers(); layer++) {
      place = Place.layer(layer);
      attention();
      allReduceAndNorm();
      if (model.mixture(layer).isPresent()) {
        experts(layer, mixture);
      } else {
        gatedFfn(model.intermediateSize());
      }
      allReduceAndNorm();
    }
    place = Place.Outside.HEAD;
    gemm(TensorLaunch.LINEAR, Phase.HEAD, hidden, model.vocabularySize() / GPUS);
    Spec own = Spec.of(DType.BF16, Axis.BATCH, batch, Axis.VOCABULARY, model.vocabularySize() / 8);
    exchange(TransferKind.ALL_GATHER, Phase.HEAD, own);
    return new RankTrace(0, operations);
  }

  private void attention() {
    var latent = model.latent().orElseThrow();
    int heads = latent.heads() / GPUS;
    int compressed = latent.queryLatent().orElseThrow();
    gemm(TensorLaunch.LINEAR, Phase.QKV, hidden, compressed + latent.entryDim());
    elementwise(TensorLaunch.RMS_NORM, Phase.QKV, rows(compressed), rows(compressed));
    gemm(TensorLaunch.LINEAR, Phase.QKV, compressed, heads * latent.queryDim());
    perHead(AttentionLaunch.ABSORB_QUERIES, Phase.QKV, heads, latent.nopeDim(), latent.latent());
    Spec queries = headed(heads, latent.entryDim());
    elementwise(AttentionLaunch.ROTARY_LATENT, Phase.QKV, queries, queries);
    elementwise(
        AttentionLaunch.APPEND_ENTRIES,
        Phase.ATTENTION,
        rows(latent.entryDim()),
        rows(latent.entryDim()));
    Spec cached =
        Spec.of(
            DType.FP8,
            new Dim(Axis.BATCH, batch),
            new Dim(Axis.KV_HEADS, 1),
            new Dim(Axis.SLOTS, CONTEXT),
            new Dim(Axis.HEAD_DIM, latent.entryDim()));
    long flops = 2L * batch * CONTEXT * heads * (latent.entryDim() + latent.latent());
    launch(
        AttentionLaunch.FLASH_DECODE_LATENT,
        Phase.ATTENTION,
        List.of(cached, queries),
        headed(heads, latent.latent()),
        flops,
        DType.FP8);
    perHead(
        AttentionLaunch.EXPAND_VALUES,
        Phase.OUTPUT_PROJECTION,
        heads,
        latent.latent(),
        latent.valueDim());
    gemm(TensorLaunch.PARTIAL_LINEAR, Phase.OUTPUT_PROJECTION, heads * latent.valueDim(), hidden);
  }

  private void experts(int layer, Mixture mixture) {
    MoeSharding sharding = new MoeSharding(mixture.shape(), new Layout(GPUS, 1, 1, GPUS));
    Dispatch dispatch = load.load(layer, mixture.rule(), sharding.localExperts(), batch);
    int width = mixture.shape().intermediate();
    int active = Math.toIntExact(Math.round(dispatch.activeExperts()));
    int assigned = dispatch.size();
    Spec in = Spec.of(DType.BF16, Axis.BATCH, assigned, Axis.HIDDEN, hidden);
    Spec gates = Spec.of(DType.BF16, Axis.BATCH, assigned, Axis.GATE_UP, 2 * width);
    Spec activated = Spec.of(DType.BF16, Axis.BATCH, assigned, Axis.INTERMEDIATE, width);
    Spec gateUps =
        Spec.of(
            DType.FP4,
            new Dim(Axis.EXPERTS, active),
            new Dim(Axis.GATE_UP, 2 * width),
            new Dim(Axis.HIDDEN, hidden));
    Spec downs =
        Spec.of(
            DType.FP4,
            new Dim(Axis.EXPERTS, active),
            new Dim(Axis.HIDDEN, hidden),
            new Dim(Axis.INTERMEDIATE, width));
    weights(
        TensorLaunch.LINEAR,
        Phase.DISPATCH,
        DType.BF16,
        hidden,
        (mixture.shape().experts() - 1) / GPUS + 1);
    elementwise(TensorLaunch.SELECT_ROWS, Phase.DISPATCH, in, in);
    long flops = 2L * assigned * hidden * width;
    launch(FfnLaunch.GROUPED_LINEAR, Phase.FFN, List.of(in, gateUps), gates, 2 * flops, DType.FP4);
    elementwise(FfnLaunch.WEIGHTED_SWI_GLU, Phase.FFN, gates, activated);
    launch(
        FfnLaunch.COMBINE_EXPERTS,
        Phase.FFN,
        List.of(activated, downs),
        rows(hidden),
        flops,
        DType.FP4);
    gatedFfn(mixture.shape().sharedIntermediate());
    elementwise(TensorLaunch.ADD, Phase.COMBINE, rows(hidden), rows(hidden));
  }

  /** A dense FFN or the shared expert, of which a GPU has an eighth of the columns. */
  private void gatedFfn(int intermediate) {
    int width = intermediate / GPUS;
    gemm(TensorLaunch.LINEAR, Phase.FFN, hidden, 2 * width);
    elementwise(FfnLaunch.SWI_GLU, Phase.FFN, rows(2 * width), rows(width));
    gemm(TensorLaunch.PARTIAL_LINEAR, Phase.FFN, width, hidden);
  }

  private void allReduceAndNorm() {
    exchange(TransferKind.ALL_REDUCE, Phase.ALL_REDUCE, rows(hidden));
    elementwise(TensorLaunch.ADD, Phase.NORM, rows(hidden), rows(hidden));
    elementwise(TensorLaunch.RMS_NORM, Phase.NORM, rows(hidden), rows(hidden));
  }

  private void gemm(LaunchKind kind, Phase phase, int in, int out) {
    weights(kind, phase, DType.FP4, in, out);
  }

  private void weights(LaunchKind kind, Phase phase, DType dtype, int in, int out) {
    Spec matrix = Spec.of(dtype, Axis.INTERMEDIATE, out, Axis.HIDDEN, in);
    launch(kind, phase, List.of(rows(in), matrix), rows(out), 2L * batch * in * out, dtype);
  }

  private void perHead(LaunchKind kind, Phase phase, int heads, int in, int out) {
    Spec matrices =
        Spec.of(
            DType.FP4,
            new Dim(Axis.HEADS, heads),
            new Dim(Axis.LATENT, out),
            new Dim(Axis.HEAD_DIM, in));
    launch(
        kind,
        phase,
        List.of(headed(heads, in), matrices),
        headed(heads, out),
        2L * batch * heads * in * out,
        DType.FP4);
  }

  private void elementwise(LaunchKind kind, Phase phase, Spec read, Spec written) {
    launch(kind, phase, List.of(read), written, 0, DType.BF16);
  }

  private void launch(
      LaunchKind kind, Phase phase, List<Spec> reads, Spec write, long flops, DType arithmetic) {
    operations.add(
        new Launch(
            operations.size(),
            kind,
            new Stated(place, phase),
            new Work(reads, List.of(write), flops, arithmetic),
            last()));
  }

  private void exchange(TransferKind kind, Phase phase, Spec operand) {
    operations.add(
        new Transfer(
            operations.size(),
            kind,
            new Stated(place, phase),
            new Transfer.Contribution(ALL, List.of(operand)),
            last()));
  }

  private List<Integer> last() {
    return operations.isEmpty() ? List.of() : List.of(operations.size() - 1);
  }

  private Spec rows(int width) {
    return Spec.of(DType.BF16, Axis.BATCH, batch, Axis.HIDDEN, width);
  }

  private Spec headed(int heads, int width) {
    return Spec.of(
        DType.BF16,
        new Dim(Axis.BATCH, batch),
        new Dim(Axis.HEADS, heads),
        new Dim(Axis.HEAD_DIM, width));
  }
}
