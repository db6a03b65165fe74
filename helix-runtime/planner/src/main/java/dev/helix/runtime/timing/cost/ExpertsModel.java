package dev.helix.runtime.timing.cost;

import dev.helix.runtime.timing.machine.LaunchCosts;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.CostFamily;
import dev.helix.tensor.trace.Launch;

/**
 * The cost of a launch of experts. It costs
 *
 * <p>overhead + active · activeTime + held · heldTime + max(bytes / (HBM · memoryEfficiency) +
 * bytes read again · rereadTime, flops / (peak · computeEfficiency))
 *
 * <p>The kernel takes an expert's rows in tiles of 32 and reads the expert's weights once for each
 * tile, the first time from memory and after that mostly from the L2 cache. The number of tiles is
 * that of the FLOPs. So a launch whose experts have unequal loads, and tiles that are not full, has
 * to declare the FLOPs of whole tiles; without, it counts as evenly filled.
 */
final class ExpertsModel {
  /** Rows of one expert that a kernel takes at a time. */
  static final int TILE_ROWS = 32;

  private final Machine machine;
  private final double savedMicros;

  ExpertsModel(Machine machine, double savedMicros) {
    this.machine = machine;
    this.savedMicros = savedMicros;
  }

  /**
   * The cost of a launch that reads rows, the weights of active experts and, if it says how many
   * experts the rank holds, one number for each of them, {@code [experts]}.
   */
  Cost of(Launch launch) {
    LaunchCosts costs = machine.preset().launch(CostFamily.EXPERTS);
    Roof roof = new Roof(machine.gpu(), costs);
    long bytes = Math.addExact(machine.bytes(launch.reads()), machine.bytes(launch.writes()));
    Spec weights = weights(launch);
    double expert = expertElements(launch);
    double active = expert == 0 ? 0 : weights.elements() / expert;
    double tiles = expert == 0 ? 0 : launch.flops() / (2 * expert) / TILE_ROWS;
    double again = Math.max(0, tiles - active) * machine.bytes(weights) / Math.max(1, active);
    double work =
        Math.max(
            roof.memoryMicros((double) bytes) + again / 1e6 * costs.experts().rereadTime().value(),
            roof.arithmeticMicros(launch, (double) launch.flops()));
    double overhead = Math.max(0, costs.overhead().value() - savedMicros);
    double experts =
        active * costs.experts().activeTime().value()
            + held(launch) * costs.experts().heldTime().value();
    return new Cost(0, overhead + experts + work, bytes);
  }

  private Spec weights(Launch launch) {
    Spec weights = null;
    for (Spec read : launch.reads()) {
      boolean more = weights == null || machine.bytes(read) > machine.bytes(weights);
      weights = !read.has(Axis.BATCH) && more ? read : weights;
    }
    if (weights == null) {
      throw new IllegalArgumentException(launch + " reads no weights");
    }
    return weights;
  }

  /** Elements of one expert's weights: the columns of its input times those of its output. */
  private static double expertElements(Launch launch) {
    for (Spec read : launch.reads()) {
      if (read.has(Axis.BATCH)) {
        return columns(read) * columns(launch.writes().get(0));
      }
    }
    throw new IllegalArgumentException(launch + " reads no rows");
  }

  private static double columns(Spec rows) {
    return rows.size(Axis.BATCH) == 0 ? 0 : (double) rows.elements() / rows.size(Axis.BATCH);
  }

  private static int held(Launch launch) {
    int held = 0;
    for (Spec read : launch.reads()) {
      if (read.has(Axis.EXPERTS) && read.elements() == read.size(Axis.EXPERTS)) {
        held = Math.max(held, read.size(Axis.EXPERTS));
      }
    }
    return held;
  }
}
