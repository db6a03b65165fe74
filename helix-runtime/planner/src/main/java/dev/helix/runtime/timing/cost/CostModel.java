package dev.helix.runtime.timing.cost;

import dev.helix.runtime.timing.machine.GemmCosts;
import dev.helix.runtime.timing.machine.LaunchCosts;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.CostFamily;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import java.util.Comparator;
import java.util.Optional;

/**
 * Computes the time of each operation on a machine, by {@link LaunchCosts} and {@link
 * TransferModel}.
 */
public final class CostModel implements OperationCosts {
  /** Number of output columns of a GEMM that one group of processors computes. */
  private static final int TILE_COLUMNS = 128;

  private final Machine machine;
  private final TransferModel transfers;
  private final GemmModel gemms;
  private final double savedMicros;

  private CostModel(Machine machine, double savedMicros) {
    this.machine = machine;
    this.transfers = new TransferModel(machine);
    this.gemms = new GemmModel(machine, savedMicros);
    this.savedMicros = savedMicros;
  }

  /** The costs of operations in a step, where each follows another. */
  public static CostModel inStep(Machine machine) {
    return new CostModel(machine, machine.preset().launchOverlap().value());
  }

  /** The costs of operations that run alone, as they are measured. */
  public static CostModel alone(Machine machine) {
    return new CostModel(machine, 0);
  }

  /** The cost of one operation. */
  @Override
  public Cost of(Operation operation) {
    return operation instanceof Launch launch ? launch(launch) : transfers.of((Transfer) operation);
  }

  private Cost launch(Launch launch) {
    CostFamily family = launch.kind().family();
    Optional<GemmCosts> gemm =
        family == CostFamily.GEMM ? matrix(launch).flatMap(this::gemmCosts) : Optional.empty();
    if (gemm.isPresent()) {
      return gemms.of(launch, matrix(launch).orElseThrow(), gemm.orElseThrow());
    }
    LaunchCosts costs = machine.preset().launches().get(family);
    long bytes = Math.addExact(machine.bytes(launch.reads()), machine.bytes(launch.writes()));
    double partMegabytes = part(family, launch) / 1e6;
    double memory = bytes / (machine.gpu().hbmBytesPerMicro() * costs.memoryEfficiency().value());
    double arithmetic =
        filled(family, launch)
            / (machine.gpu().flopsPerMicro(costs.computedIn(launch.arithmetic()))
                * costs.computeEfficiency().value());
    double ramp = Math.min(costs.rampCap().value(), partMegabytes * costs.rampTime().value());
    double work = Math.max(Math.max(memory, arithmetic), partMegabytes * costs.partTime().value());
    double overhead = Math.max(0, costs.overhead().value() - savedMicros);
    double experts = costs.expertTime().value() * activeExperts(launch);
    return new Cost(0, overhead + ramp + experts + work, bytes);
  }

  private Optional<GemmCosts> gemmCosts(Spec matrix) {
    return machine.preset().gemm(matrix.dtype());
  }

  /** The matrix of a GEMM, which is the operand that every row of the batch shares. */
  private Optional<Spec> matrix(Launch launch) {
    return launch.reads().stream()
        .filter(spec -> !spec.has(Axis.BATCH))
        .max(Comparator.comparingLong(machine::bytes));
  }

  /**
   * The FLOPs of a launch, where a tile of queries that is not full costs like a full one. The
   * heads of all rows of a request share a tile.
   */
  private double filled(CostFamily family, Launch launch) {
    if (family != CostFamily.MLA_ATTENTION) {
      return launch.flops();
    }
    double least = machine.preset().launches().get(family).leastHeads().value();
    int queries = AttentionSizes.of(launch).queriesOfKvHead();
    return launch.flops() * Math.max(1, least / Math.max(1, queries));
  }

  private static int activeExperts(Launch launch) {
    return launch.reads().stream()
        .filter(spec -> spec.has(Axis.EXPERTS))
        .mapToInt(spec -> spec.size(Axis.EXPERTS))
        .max()
        .orElse(0);
  }

  /**
   * The bytes that one group of processors has to go through alone, which is not split over the
   * GPU.
   */
  private double part(CostFamily family, Launch launch) {
    return switch (family) {
      case GEMM -> gemmPart(launch);
      // The factor is for keys and values.
      case GQA_ATTENTION -> 2 * longestRequest(launch);
      case MLA_ATTENTION -> longestRequest(launch);
      case EXPERTS, ELEMENTWISE -> 0;
    };
  }

  private double gemmPart(Launch launch) {
    long weights = launch.reads().stream().mapToLong(machine::bytes).max().orElse(0);
    Spec result = launch.writes().get(0);
    long rows = result.has(Axis.BATCH) ? result.size(Axis.BATCH) : 1;
    long columns = rows == 0 ? 1 : result.elements() / rows;
    return weights * Math.min(1.0, (double) TILE_COLUMNS / Math.max(1, columns));
  }

  /**
   * The elements of the longest request for one KV head in {@code [batch, kvHeads, slots,
   * headDim]}.
   */
  private double longestRequest(Launch launch) {
    return launch.reads().stream()
        .filter(spec -> spec.has(Axis.SLOTS) && spec.elements() > 0)
        .mapToDouble(
            spec -> (double) machine.bytes(spec) / spec.size(Axis.BATCH) / spec.size(Axis.KV_HEADS))
        .max()
        .orElse(0);
  }
}
