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
import java.util.Arrays;
import java.util.Optional;

/**
 * Computes the time of each operation on a machine, by {@link LaunchCosts}, {@link GemmCosts} and
 * {@link TransferModel}.
 */
public final class CostModel implements OperationCosts {
  /** Number of output columns of a GEMM that one group of processors computes. */
  private static final int TILE_COLUMNS = 128;

  private final Machine machine;
  private final TransferModel transfers;
  private final GemmModel gemms;
  private final ExpertsModel experts;
  private final AttentionModel attention;
  private final double savedMicros;

  private CostModel(Machine machine, double savedMicros, boolean repeated) {
    this.machine = machine;
    this.transfers = new TransferModel(machine);
    this.gemms = new GemmModel(machine, savedMicros, !repeated);
    this.experts = new ExpertsModel(machine, savedMicros);
    this.attention = new AttentionModel(machine, savedMicros, repeated);
    this.savedMicros = savedMicros;
  }

  /** The costs of operations in a step, where each follows another. */
  public static CostModel inStep(Machine machine) {
    return new CostModel(machine, machine.preset().launchOverlap().value(), false);
  }

  /** The costs of operations that run alone and again and again, as they are measured. */
  public static CostModel alone(Machine machine) {
    return new CostModel(machine, 0, true);
  }

  /** The cost of one operation. */
  @Override
  public Cost of(Operation operation) {
    return operation instanceof Launch launch ? launch(launch) : transfers.of((Transfer) operation);
  }

  /**
   * Number of rows in whole tiles of an experts' kernel, for a launch that declares the FLOPs of
   * whole tiles.
   *
   * @param load number of rows of each expert
   */
  public static int filledRows(int[] load) {
    return Arrays.stream(load)
        .map(
            rows ->
                (rows + ExpertsModel.TILE_ROWS - 1)
                    / ExpertsModel.TILE_ROWS
                    * ExpertsModel.TILE_ROWS)
        .sum();
  }

  private Cost launch(Launch launch) {
    CostFamily family = launch.kind().family();
    return switch (family) {
      case GEMM -> gemm(launch);
      case EXPERTS -> experts.of(launch);
      case GQA_ATTENTION, MLA_ATTENTION -> attention.of(launch);
      case ELEMENTWISE -> plain(launch, 0);
    };
  }

  private Cost gemm(Launch launch) {
    Optional<Spec> matrix = matrix(launch);
    Optional<GemmCosts> costs =
        matrix.flatMap(
            spec -> machine.preset().gemm(spec.dtype(), GemmModel.rows(launch.writes().get(0))));
    return costs.isPresent()
        ? gemms.of(launch, matrix.orElseThrow(), costs.orElseThrow())
        : plain(launch, gemmPart(launch));
  }

  /**
   * The cost by the formula of {@link LaunchCosts} alone.
   *
   * @param part bytes that one group of processors has to go through alone, which is not split over
   *     the GPU
   */
  private Cost plain(Launch launch, double part) {
    LaunchCosts costs = machine.preset().launch(launch.kind().family());
    Roof roof = new Roof(machine.gpu(), costs);
    long bytes = Math.addExact(machine.bytes(launch.reads()), machine.bytes(launch.writes()));
    double work =
        Math.max(
            Math.max(
                roof.memoryMicros((double) bytes),
                roof.arithmeticMicros(launch, (double) launch.flops())),
            roof.partMicros(part));
    double overhead = Math.max(0, costs.overhead().value() - savedMicros);
    return new Cost(0, overhead + roof.rampMicros(part) + work, bytes);
  }

  /** The matrix of a GEMM, which is the operand that every row of the batch shares. */
  private Optional<Spec> matrix(Launch launch) {
    Spec matrix = null;
    long most = -1;
    for (Spec read : launch.reads()) {
      long bytes = read.has(Axis.BATCH) ? -1 : machine.bytes(read);
      if (bytes > most) {
        most = bytes;
        matrix = read;
      }
    }
    return Optional.ofNullable(matrix);
  }

  private double gemmPart(Launch launch) {
    long weights = 0;
    for (Spec read : launch.reads()) {
      weights = Math.max(weights, machine.bytes(read));
    }
    Spec result = launch.writes().get(0);
    long rows = GemmModel.rows(result);
    long columns = rows == 0 ? 1 : result.elements() / rows;
    return weights * Math.min(1.0, (double) TILE_COLUMNS / Math.max(1, columns));
  }
}
