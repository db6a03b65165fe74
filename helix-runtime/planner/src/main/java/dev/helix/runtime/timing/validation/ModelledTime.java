package dev.helix.runtime.timing.validation;

import dev.helix.attention.AttentionLaunch;
import dev.helix.ffn.Dispatch;
import dev.helix.ffn.FfnLaunch;
import dev.helix.ffn.MoeShape;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.timing.cost.CostModel;
import dev.helix.runtime.timing.cost.TransferModel;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.machine.TransferFamily;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.timing.schedule.Scheduler;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.io.JsonObject;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tensor.program.LaunchKind;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.program.TensorLaunch;
import dev.helix.tensor.program.TransferKind;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Stated;
import dev.helix.tensor.trace.Transfer;
import dev.helix.tensor.trace.Work;
import java.util.List;

/**
 * Computes the time that a machine's constants give for a measurement. The operation's record is
 * made from the row's sizes, and its cost is computed as for an operation of a trace.
 */
final class ModelledTime {
  /**
   * The place and phase of a measured launch. It belongs to no step, and no cost depends on its
   * phase.
   */
  private static final Stated MEASURED = new Stated(Place.Outside.START, Phase.FFN);

  private static final int R1_HIDDEN = 7168;
  private static final int R1_TOP_K = 8;
  private static final int EXPERT_RANKS = 64;

  /** The exponent of the power law under which the expert kernels were measured. */
  private static final double MEASURED_EXPONENT = 1.01;

  private static final int LAYERS_DRAWN = 8;

  private final Machine machine;

  ModelledTime(Machine machine) {
    this.machine = machine;
  }

  /**
   * The modelled time of a measurement.
   *
   * @throws IllegalArgumentException if the kind of the measurement is not that of an operation
   */
  double micros(Measurement measurement) {
    JsonObject row = measurement.fields();
    return switch (measurement.kind()) {
      case "gemm" -> gemm(row.positive("n"), row.positive("k"));
      case "gqa" -> groupedQueryAttention(row.positive("batch"), row.positive("tokens"));
      case "mla" -> latentAttention(row.positive("batch"), row.positive("tokens"));
      case "oneShotAllReduce" ->
          collective(TransferFamily.ONE_SHOT_ALL_REDUCE, row, row.positive("bytes"));
      case "allReduceWithNorm" -> allReduceWithNorm(row);
      case "twoShotAllReduce" ->
          collective(TransferFamily.TWO_SHOT_ALL_REDUCE, row, row.positive("bytes"));
      case "allGather" ->
          collective(TransferFamily.ALL_GATHER, row, row.positive("bytes") / row.positive("gpus"));
      case "reduceScatter" -> collective(TransferFamily.REDUCE_SCATTER, row, row.positive("bytes"));
      case "allToAll" -> collective(TransferFamily.ALL_TO_ALL, row, row.positive("bytes"));
      case "experts" -> experts(row.positive("tokens"), row.positive("ep"));
      case "deepseekR1" -> deepSeekR1(row.positive("batch"));
      case "dispatch" -> tokens(Phase.DISPATCH, DType.FP4, row.positive("tokens"));
      case "combine" -> tokens(Phase.COMBINE, DType.BF16, row.positive("tokens"));
      default ->
          throw new IllegalArgumentException(
              "measurements of kind '%s' are not modelled".formatted(measurement.kind()));
    };
  }

  private double gemm(int n, int k) {
    return launch(
        TensorLaunch.LINEAR,
        List.of(
            Spec.of(DType.BF16, Axis.BATCH, 1, Axis.HIDDEN, k),
            Spec.of(DType.FP4, Axis.INTERMEDIATE, n, Axis.HIDDEN, k)),
        Spec.of(DType.BF16, Axis.BATCH, 1, Axis.INTERMEDIATE, n),
        2L * n * k,
        DType.FP4);
  }

  private double groupedQueryAttention(int batch, int tokens) {
    int heads = 16;
    int width = 128;
    Spec cached =
        Spec.of(
            DType.FP8,
            new Dim(Axis.BATCH, batch),
            new Dim(Axis.KV_HEADS, 1),
            new Dim(Axis.SLOTS, tokens),
            new Dim(Axis.HEAD_DIM, width));
    return launch(
        AttentionLaunch.FLASH_DECODE,
        List.of(heads(batch, heads, width), cached, cached),
        heads(batch, heads, width),
        4L * batch * tokens * heads * width,
        DType.FP8);
  }

  private double latentAttention(int batch, int tokens) {
    int heads = 128;
    int latent = 512;
    int entry = latent + 64;
    Spec cached =
        Spec.of(
            DType.FP8,
            new Dim(Axis.BATCH, batch),
            new Dim(Axis.KV_HEADS, 1),
            new Dim(Axis.SLOTS, tokens),
            new Dim(Axis.HEAD_DIM, entry));
    return launch(
        AttentionLaunch.FLASH_DECODE_LATENT,
        List.of(heads(batch, heads, entry), cached),
        heads(batch, heads, latent),
        2L * batch * tokens * heads * (entry + latent),
        DType.FP8);
  }

  private static Spec heads(int batch, int heads, int width) {
    return Spec.of(
        DType.BF16,
        new Dim(Axis.BATCH, batch),
        new Dim(Axis.HEADS, heads),
        new Dim(Axis.HEAD_DIM, width));
  }

  private double launch(
      LaunchKind kind, List<Spec> reads, Spec write, long flops, DType arithmetic) {
    Work work = new Work(reads, List.of(write), flops, arithmetic);
    Launch launch = new Launch(0, kind, MEASURED, work, List.of());
    return CostModel.alone(machine).of(launch).micros();
  }

  /** The time of a collective, reduced in one given way as in the measured kernels. */
  private double collective(TransferFamily family, JsonObject row, int operandBytes) {
    Machine measured =
        row.has("board")
            ? new Machine(machine.gpu().onBoardsOf(row.positive("board")), machine.preset())
            : machine;
    Spec operand = Spec.of(DType.FP8, Axis.HIDDEN, operandBytes);
    Transfer transfer = transfer(Phase.ALL_REDUCE, row.positive("gpus"), operand);
    return new TransferModel(measured).by(family, transfer).micros();
  }

  private double allReduceWithNorm(JsonObject row) {
    Spec x = Spec.of(DType.BF16, Axis.BATCH, row.positive("batch"), Axis.HIDDEN, R1_HIDDEN);
    Spec weight = Spec.of(DType.BF16, Axis.HIDDEN, R1_HIDDEN);
    Transfer transfer = transfer(Phase.ALL_REDUCE, row.positive("gpus"), x);
    return new TransferModel(machine).by(TransferFamily.ONE_SHOT_ALL_REDUCE, transfer).micros()
        + launch(TensorLaunch.RMS_NORM, List.of(x, weight), x, 4 * x.elements(), DType.BF16);
  }

  /** The number of rows if each token goes once to each of its experts. */
  private double tokens(Phase phase, DType dtype, int tokens) {
    Spec rows = Spec.of(dtype, Axis.BATCH, tokens * R1_TOP_K, Axis.HIDDEN, R1_HIDDEN);
    return new TransferModel(machine).of(transfer(phase, EXPERT_RANKS, rows)).micros();
  }

  /** The load of the busiest of {@code ep} ranks, on average over layers. */
  private double experts(int tokens, int ep) {
    Mixture mixture = ModelShape.of("deepseek-r1").config().mixture().orElseThrow();
    int local = mixture.shape().experts() / ep;
    LoadModel load = new LoadModel.PowerLaw(MEASURED_EXPONENT, 1);
    double sum = 0;
    for (int layer = 0; layer < LAYERS_DRAWN; layer++) {
      sum += experts(mixture.shape(), load.load(layer, mixture.rule(), local, tokens));
    }
    return sum / LAYERS_DRAWN;
  }

  private double experts(MoeShape shape, Dispatch dispatch) {
    int rows = dispatch.size();
    int active = Math.toIntExact(Math.round(dispatch.activeExperts()));
    int width = shape.intermediate();
    Spec in = Spec.of(DType.BF16, Axis.BATCH, rows, Axis.HIDDEN, shape.hidden());
    Spec gates = Spec.of(DType.BF16, Axis.BATCH, rows, Axis.GATE_UP, 2 * width);
    Spec activated = Spec.of(DType.BF16, Axis.BATCH, rows, Axis.INTERMEDIATE, width);
    Spec gateUps =
        Spec.of(DType.FP4, Axis.GATE_UP, 2 * width * active, Axis.HIDDEN, shape.hidden());
    Spec downs = Spec.of(DType.FP4, Axis.HIDDEN, shape.hidden() * active, Axis.INTERMEDIATE, width);
    long flops = 2L * rows * shape.hidden() * width;
    return launch(FfnLaunch.GROUPED_LINEAR, List.of(in, gateUps), gates, 2 * flops, DType.FP4)
        + launch(FfnLaunch.WEIGHTED_SWI_GLU, List.of(gates), activated, 0, DType.BF16)
        + launch(FfnLaunch.COMBINE_EXPERTS, List.of(activated, downs), in, flops, DType.FP4);
  }

  private double deepSeekR1(int batch) {
    return new Scheduler(CostModel.inStep(machine), Accounting.PER_PIECE)
        .schedule(List.of(TensorParallelR1.trace(batch)))
        .ttlMicros();
  }

  private static Transfer transfer(Phase phase, int group, Spec operand) {
    TransferKind kind =
        phase == Phase.ALL_REDUCE ? TransferKind.ALL_REDUCE : TransferKind.ALL_TO_ALL;
    Group members = new Layout(group, 1, group, 1).all();
    Transfer.Contribution brought = new Transfer.Contribution(members, List.of(operand));
    return new Transfer(0, kind, new Stated(Place.Outside.START, phase), brought, List.of());
  }
}
