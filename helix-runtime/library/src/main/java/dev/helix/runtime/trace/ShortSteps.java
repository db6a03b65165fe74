package dev.helix.runtime.trace;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.trace.TraceRank;

/**
 * Traces steps of one strategy with at most two layers of each kind, from whose times those of all
 * layers follow. The weights of a rank are laid out once for all steps.
 *
 * <p>For one thread.
 */
public final class ShortSteps {
  private final ModelConfig model;
  private final Strategy strategy;
  private final LayerRuns runs;
  private final StepTracer tracer;

  /**
   * Prepares the steps.
   *
   * @throws InvalidInputException if the strategy cannot spread the model
   * @throws IllegalArgumentException if the load differs from layer to layer, so that no two layers
   *     stand for the others
   */
  public ShortSteps(
      ModelConfig model, Strategy strategy, DeployedPrecision precision, LoadModel load) {
    if (model.mixture().isPresent() && !load.sameInEveryLayer()) {
      throw new IllegalArgumentException(
          "a short step: expected a load that is the same in every layer");
    }
    this.model = model;
    this.strategy = strategy;
    this.runs = LayerRuns.byKind(model);
    this.tracer =
        new StepTracer(
            model, strategy, precision, new LoadedRouters(load), runs.keeping(ShortStep.KEPT));
  }

  /** What the first rank of a kind has launched and sent in the latest step, each layer once. */
  public TraceRank traced(StepTrace.Kind kind) {
    return tracer.traced(kind);
  }

  /**
   * The step of some queries with one rank for all whose launches have the same sizes. Its sizes
   * and its memory are those of the step; its exchanges are those of that rank alone.
   *
   * @throws InvalidInputException if the requests cannot be spread
   */
  public StepTrace bySizes(StepQueries queries) {
    return tracer.bySizes(queries);
  }

  /**
   * The step of some queries.
   *
   * @throws InvalidInputException if the requests cannot be spread
   */
  public ShortStep of(StepQueries queries) {
    StepTrace trace = tracer.trace(queries);
    return new ShortStep(
        trace,
        trace.kinds().stream()
            .map(kind -> strategy.holdings(model, kind.members().get(0)).layers())
            .map(own -> runs.within(own.first(), own.first() + own.count()).shortened())
            .toList());
  }
}
