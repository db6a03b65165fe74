package dev.helix.runtime.trace.batch;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.ShortStep;
import dev.helix.runtime.trace.ShortSteps;
import dev.helix.runtime.trace.StatedLoad;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.InvalidInputException;
import java.util.Optional;

/**
 * Short steps of one strategy whose experts have the expected uniform load: each traced by itself,
 * or those of all batches found from a few traces.
 *
 * <p>For one thread.
 */
public final class ExpectedSteps {
  private final StatedLoad load;
  private final boolean routes;
  private final ShortSteps steps;
  private Optional<StepsByBatch.Probe> first = Optional.empty();

  /**
   * Prepares the steps of one strategy alone.
   *
   * @throws InvalidInputException if the strategy cannot spread the model
   */
  public ExpectedSteps(ModelConfig model, Strategy strategy, DeployedPrecision precision) {
    this(model, strategy, precision, new LoadModel.UniformExpectation());
  }

  /**
   * Prepares the steps.
   *
   * @param expected the expected load, whose chances the steps of several strategies share
   * @throws InvalidInputException if the strategy cannot spread the model
   */
  public ExpectedSteps(
      ModelConfig model,
      Strategy strategy,
      DeployedPrecision precision,
      LoadModel.UniformExpectation expected) {
    this.load = new StatedLoad(expected);
    this.routes = model.mixture().isPresent();
    this.steps = new ShortSteps(model, strategy, precision, load);
  }

  /**
   * The step of some queries.
   *
   * @throws InvalidInputException if the requests cannot be spread
   */
  public ShortStep of(StepQueries queries) {
    return steps.of(queries);
  }

  /**
   * The step of some queries, in which one rank stands for all whose launches have the same sizes.
   *
   * @throws InvalidInputException if the requests cannot be spread
   */
  public StepTrace bySizes(StepQueries queries) {
    return steps.bySizes(queries);
  }

  /**
   * A step that holds no more than the step of some queries, in which one rank stands for all whose
   * launches have the same sizes. The experts of each group have one assignment in it, unless ranks
   * send tokens to each other.
   *
   * @throws InvalidInputException if the requests cannot be spread
   */
  public StepTrace atMost(StepQueries queries) {
    return least(queries).trace();
  }

  /**
   * The steps of all multiples of a batch.
   *
   * @param least the queries of the smallest batch
   * @return empty if the sizes are not affine in the batch, so that each step has to be traced
   */
  public Optional<StepsByBatch> byBatch(StepQueries least) {
    return routes && load.hasSent()
        ? Optional.empty()
        : StepsByBatch.of(steps, load, routes, least(least));
  }

  /** The first trace of all that follow from the smallest batch, which is made once. */
  private StepsByBatch.Probe least(StepQueries queries) {
    if (first.isEmpty() || !first.get().queries().equals(queries)) {
      first = Optional.of(StepsByBatch.Probe.of(steps, load, queries, 1, 1));
    }
    return first.get();
  }
}
