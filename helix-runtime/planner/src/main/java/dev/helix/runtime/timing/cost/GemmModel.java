package dev.helix.runtime.timing.cost;

import dev.helix.runtime.timing.machine.GemmCosts;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.CostFamily;
import dev.helix.tensor.trace.Launch;

/** The cost of a GEMM by its tiles, as {@link GemmCosts} states it. */
final class GemmModel {
  private static final int TILE = 128;

  private final Machine machine;
  private final double savedMicros;
  private final boolean inStep;

  GemmModel(Machine machine, double savedMicros, boolean inStep) {
    this.machine = machine;
    this.savedMicros = savedMicros;
    this.inStep = inStep;
  }

  /**
   * The cost of a GEMM.
   *
   * @param matrix the weights; matrices of several heads count as one with the columns of all
   */
  Cost of(Launch launch, Spec matrix, GemmCosts costs) {
    Spec result = launch.writes().get(0);
    long rows = rows(result);
    double processors = machine.gpu().processors().value();
    long columns = rows == 0 ? 0 : result.elements() / rows;
    double inner = columns == 0 ? 0 : (double) matrix.elements() / columns;
    double tiles = Math.ceil(rows / (double) TILE) * Math.ceil(columns / (double) TILE);
    double split = Math.max(1, Math.min(costs.splitK().value(), processors / Math.max(1, tiles)));
    double waves = Math.max(1, tiles / processors);
    double loop = inner / 1e3 / split * waves * costs.loopTime().value();

    long bytes = Math.addExact(machine.bytes(launch.reads()), machine.bytes(launch.writes()));
    double memory = bytes / (machine.gpu().hbmBytesPerMicro() * costs.memoryEfficiency().value());
    double arithmetic =
        launch.flops()
            / (machine.gpu().flopsPerMicro(launch.arithmetic())
                * machine.preset().launch(CostFamily.GEMM).computeEfficiency().value());
    double reading = rows * inner / 1e6 * costs.rowTime().value();
    double quantise = (inStep ? costs.quantiseInStep() : costs.quantise()).value();
    double launches = saved(costs.overhead().value()) + saved(quantise);
    return new Cost(0, launches + reading + Math.max(loop, Math.max(memory, arithmetic)), bytes);
  }

  /** The rows of a GEMM's result. */
  static long rows(Spec result) {
    return result.has(Axis.BATCH) ? result.size(Axis.BATCH) : 1;
  }

  private double saved(double overhead) {
    return Math.max(0, overhead - savedMicros);
  }
}
