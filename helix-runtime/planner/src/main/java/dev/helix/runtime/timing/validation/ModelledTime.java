package dev.helix.runtime.timing.validation;

import dev.helix.attention.AttentionLaunch;
import dev.helix.ffn.FfnLaunch;
import dev.helix.ffn.MoeShape;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.timing.cost.CostModel;
import dev.helix.runtime.timing.cost.TransferModel;
import dev.helix.runtime.timing.machine.Framework;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.machine.TransferFamily;
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
import java.util.Arrays;
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

  /** DeepSeek-R1 end to end, which was measured in TensorRT-LLM. */
  private static final String R1 = "deepseekR1";

  private static final int R1_HIDDEN = 7168;

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
    return new ModelledTime(machine.under(framework(measurement))).modelled(measurement);
  }

  private Framework framework(Measurement measurement) {
    if (measurement.kind().equals(R1)) {
      return Framework.TRTLLM;
    }
    return Arrays.stream(Framework.values())
        .filter(program -> measurement.label().contains(" " + program + ":"))
        .findFirst()
        .orElse(machine.preset().framework());
  }

  private double modelled(Measurement measurement) {
    JsonObject row = measurement.fields();
    return switch (measurement.kind()) {
      case "gemm" -> gemm(row);
      case "gqa" -> groupedQueryAttention(row);
      case "mla" -> latentAttention(row);
      case "oneShotAllReduce" ->
          collective(TransferFamily.ONE_SHOT_ALL_REDUCE, row, row.positive("bytes"));
      case "allReduceWithNorm" -> allReduceWithNorm(row);
      case "allReduce" -> allReduce(row);
      case "nccl all-reduce" ->
          nccl(TransferFamily.TWO_SHOT_ALL_REDUCE, row, row.positive("bytes"));
      // Bytes in the tables are those of the whole tensor.
      case "nccl all-gather" ->
          nccl(TransferFamily.ALL_GATHER, row, row.positive("bytes") / row.positive("num_gpus"));
      case "nccl reduce-scatter" -> nccl(TransferFamily.REDUCE_SCATTER, row, row.positive("bytes"));
      case "nccl all-to-all" -> nccl(TransferFamily.ALL_TO_ALL, row, row.positive("bytes"));
      case "experts" -> experts(row);
      case R1 -> deepSeekR1(row.positive("batch"));
      case "dispatch" -> tokens(Phase.DISPATCH, DType.FP4, row);
      case "combine" -> tokens(Phase.COMBINE, DType.BF16, row);
      case "twoSided dispatch" -> tokens(TransferFamily.TWO_SIDED_DISPATCH, DType.FP4, row);
      case "twoSided combine" -> tokens(TransferFamily.TWO_SIDED_COMBINE, DType.BF16, row);
      default ->
          throw new IllegalArgumentException(
              "measurements of kind '%s' are not modelled".formatted(measurement.kind()));
    };
  }

  private double gemm(JsonObject row) {
    DType weights = dtype(row.text("gemm_dtype"));
    int m = row.positive("m");
    int n = row.positive("n");
    int k = row.positive("k");
    return launch(
        TensorLaunch.LINEAR,
        List.of(
            Spec.of(DType.BF16, Axis.BATCH, m, Axis.HIDDEN, k),
            Spec.of(weights, Axis.INTERMEDIATE, n, Axis.HIDDEN, k)),
        Spec.of(DType.BF16, Axis.BATCH, m, Axis.INTERMEDIATE, n),
        2L * m * n * k,
        weights);
  }

  private static DType dtype(String name) {
    return switch (name) {
      case "nvfp4" -> DType.FP4;
      case "fp8" -> DType.FP8;
      case "bfloat16" -> DType.BF16;
      default ->
          throw new IllegalArgumentException("number format '%s' is not known".formatted(name));
    };
  }

  /** Attention over {@code step} cached tokens and the new one. */
  private double groupedQueryAttention(JsonObject row) {
    int batch = row.positive("batch_size");
    int heads = row.positive("num_heads");
    int tokens = row.positive("step") + 1;
    int width = 128;
    DType kv = dtype(row.text("kv_cache_dtype"));
    Spec cached =
        Spec.of(
            kv,
            new Dim(Axis.BATCH, batch),
            new Dim(Axis.KV_HEADS, row.positive("num_key_value_heads")),
            new Dim(Axis.SLOTS, tokens),
            new Dim(Axis.HEAD_DIM, width));
    return launch(
        AttentionLaunch.FLASH_DECODE,
        List.of(heads(batch, heads, width), cached, cached),
        heads(batch, heads, width),
        4L * batch * tokens * heads * width,
        kv);
  }

  private double latentAttention(JsonObject row) {
    int batch = row.positive("batch_size");
    int heads = row.positive("num_heads");
    int tokens = row.positive("step") + 1;
    DType kv = dtype(row.text("kv_cache_dtype"));
    int latent = 512;
    int entry = latent + 64;
    Spec cached =
        Spec.of(
            kv,
            new Dim(Axis.BATCH, batch),
            new Dim(Axis.KV_HEADS, 1),
            new Dim(Axis.SLOTS, tokens),
            new Dim(Axis.HEAD_DIM, entry));
    return launch(
        AttentionLaunch.FLASH_DECODE_LATENT,
        List.of(heads(batch, heads, entry), cached),
        heads(batch, heads, latent),
        2L * batch * tokens * heads * (entry + latent),
        kv);
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

  private double nccl(TransferFamily family, JsonObject row, int operandBytes) {
    Spec operand = Spec.of(DType.FP8, Axis.HIDDEN, operandBytes);
    Transfer transfer = transfer(Phase.ALL_REDUCE, row.positive("num_gpus"), operand);
    return new TransferModel(machine).by(family, transfer).micros();
  }

  /** The time of an all-reduce of a program that chooses the way itself. */
  private double allReduce(JsonObject row) {
    Spec operand = Spec.of(DType.FP8, Axis.HIDDEN, row.positive("bytes"));
    return new TransferModel(machine)
        .of(transfer(Phase.ALL_REDUCE, row.positive("num_gpus"), operand))
        .micros();
  }

  private double allReduceWithNorm(JsonObject row) {
    Spec x = Spec.of(DType.BF16, Axis.BATCH, row.positive("batch"), Axis.HIDDEN, R1_HIDDEN);
    Spec weight = Spec.of(DType.BF16, Axis.HIDDEN, R1_HIDDEN);
    Transfer transfer = transfer(Phase.ALL_REDUCE, row.positive("gpus"), x);
    return new TransferModel(machine).by(TransferFamily.ONE_SHOT_ALL_REDUCE, transfer).micros()
        + launch(TensorLaunch.RMS_NORM, List.of(x, weight), x, 4 * x.elements(), DType.BF16);
  }

  private double tokens(Phase phase, DType dtype, JsonObject row) {
    return new TransferModel(machine).of(sentTokens(phase, dtype, row)).micros();
  }

  /**
   * The time of an exchange in one given way, or as a step makes it if the preset does not have it.
   */
  private double tokens(TransferFamily way, DType dtype, JsonObject row) {
    Transfer transfer = sentTokens(Phase.DISPATCH, dtype, row);
    return machine.preset().transfers().containsKey(way)
        ? new TransferModel(machine).by(way, transfer).micros()
        : new TransferModel(machine).of(transfer).micros();
  }

  /** An exchange of tokens in which each goes once to every other rank that has an expert of it. */
  private static Transfer sentTokens(Phase phase, DType dtype, JsonObject row) {
    int ranks = row.positive("moe_ep_size");
    int rows = (int) Math.round(row.positive("num_tokens") * destinations(ranks));
    return transfer(phase, ranks, Spec.of(dtype, Axis.BATCH, rows, Axis.HIDDEN, R1_HIDDEN));
  }

  /**
   * Expected number of other ranks that hold at least one of 8 distinct experts out of 256, which
   * are drawn with equal chance: (EP − 1) · (1 − C(E − E/EP, k) / C(E, k)).
   */
  private static double destinations(int ranks) {
    int elsewhere = MeasuredRouting.EXPERTS - MeasuredRouting.EXPERTS / ranks;
    double none = 1;
    for (int i = 0; i < MeasuredRouting.TOP_K; i++) {
      none *= Math.max(0, elsewhere - i) / (double) (MeasuredRouting.EXPERTS - i);
    }
    return (ranks - 1) * (1 - none);
  }

  /** The time on the measured rank, on average over draws of the load. */
  private double experts(JsonObject row) {
    MoeShape shape = ModelShape.of("deepseek-r1").config().mixture().orElseThrow().shape();
    ModelledTime kernel = row.text("kernel_source").contains("cutlass") ? cutlass() : this;
    int width = shape.intermediate() / row.positive("moe_tp_size");
    boolean balanced = row.text("distribution").equals("balanced");
    int ranks = row.positive("moe_ep_size");
    return MeasuredRouting.loads(balanced, row.positive("num_tokens"), ranks).stream()
        .mapToDouble(load -> kernel.experts(shape, width, load))
        .average()
        .orElseThrow();
  }

  /** The same machine with the CUTLASS kernels of its framework, where the constants have them. */
  private ModelledTime cutlass() {
    return machine
        .preset()
        .cutlassExperts()
        .map(own -> new ModelledTime(new Machine(machine.gpu(), machine.preset().experts(own))))
        .orElse(this);
  }

  /** FLOPs are those of whole tiles. */
  private double experts(MoeShape shape, int width, int[] load) {
    int rows = Arrays.stream(load).sum();
    int active = (int) Arrays.stream(load).filter(count -> count > 0).count();
    int filled = CostModel.filledRows(load);
    Spec held = Spec.of(DType.F32, Axis.EXPERTS, load.length);
    Spec in = Spec.of(DType.BF16, Axis.BATCH, rows, Axis.HIDDEN, shape.hidden());
    Spec gates = Spec.of(DType.BF16, Axis.BATCH, rows, Axis.GATE_UP, 2 * width);
    Spec activated = Spec.of(DType.BF16, Axis.BATCH, rows, Axis.INTERMEDIATE, width);
    Spec gateUps =
        Spec.of(
            DType.FP4,
            new Dim(Axis.EXPERTS, active),
            new Dim(Axis.GATE_UP, 2 * width),
            new Dim(Axis.HIDDEN, shape.hidden()));
    Spec downs =
        Spec.of(
            DType.FP4,
            new Dim(Axis.EXPERTS, active),
            new Dim(Axis.HIDDEN, shape.hidden()),
            new Dim(Axis.INTERMEDIATE, width));
    long flops = 2L * filled * shape.hidden() * width;
    return launch(FfnLaunch.GROUPED_LINEAR, List.of(in, gateUps, held), gates, 2 * flops, DType.FP4)
        + launch(FfnLaunch.WEIGHTED_SWI_GLU, List.of(gates), activated, 0, DType.BF16)
        + launch(FfnLaunch.COMBINE_EXPERTS, List.of(activated, downs), in, flops, DType.FP4);
  }

  private double deepSeekR1(int batch) {
    return TensorParallelR1.schedule(machine, batch).ttlMicros();
  }

  private static Transfer transfer(Phase phase, int group, Spec operand) {
    TransferKind kind =
        phase == Phase.ALL_REDUCE ? TransferKind.ALL_REDUCE : TransferKind.ALL_TO_ALL;
    Group members = new Layout(group, 1, group, 1).all();
    Transfer.Contribution brought = new Transfer.Contribution(members, List.of(operand));
    return new Transfer(0, kind, new Stated(Place.Outside.START, phase), brought, List.of());
  }
}
