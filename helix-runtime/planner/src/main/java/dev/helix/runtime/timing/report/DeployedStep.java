package dev.helix.runtime.timing.report;

import dev.helix.tensor.mesh.Layout;

/**
 * What one decode step of a deployed model costs, quantity by quantity, as a run of a small one is
 * compared with it: in FP4, experts loaded uniformly.
 *
 * @param context tokens that each request attends to
 * @param batch requests
 * @param preset what software makes of the GPUs
 */
public record DeployedStep(
    String model, Layout layout, int context, int batch, String preset, QuantityCosts costs) {
  /** The step in a line, and its table as lines, each ended. */
  public String table() {
    return ("one step as %s, KVP %d x TPA %d, TPF %d x EP %d, %d requests of %d tokens in FP4, experts"
            + " loaded uniformly; %s, operations one after the other:%n%s")
        .formatted(
            model,
            layout.kvp(),
            layout.tpa(),
            layout.tpf(),
            layout.ep(),
            batch,
            context,
            preset,
            QuantityTable.of(costs));
  }
}
