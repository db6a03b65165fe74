package dev.helix.runtime.timing.report;

/**
 * The cost of one decode step of a deployed model, quantity by quantity, for comparison with a run
 * of a small model. The step is in FP4, with experts loaded uniformly.
 *
 * @param spread how the model is spread over GPUs
 * @param context number of tokens that each request attends to
 * @param batch number of requests
 * @param preset name of the preset
 */
public record DeployedStep(
    String model, Spread spread, int context, int batch, String preset, QuantityCosts costs) {
  /** A line that describes the step, and the table of its costs, each line ended. */
  public String table() {
    return ("one step as %s, %s, %d requests of %d tokens in FP4,"
            + " experts loaded uniformly; %s, operations one after the other:%n%s")
        .formatted(model, spread.words(), batch, context, preset, QuantityTable.of(costs));
  }
}
