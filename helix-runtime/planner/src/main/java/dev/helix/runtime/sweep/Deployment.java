package dev.helix.runtime.sweep;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.memory.MemoryReserve;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.RankMemory;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.batch.ExpectedSteps;
import java.util.List;

/**
 * What is served on what. Experts are loaded uniformly, by expectation.
 *
 * @param context number of tokens to which each request attends
 * @param reserve the part of a GPU's memory that is kept free
 */
public record Deployment(
    ModelConfig model,
    Machine machine,
    DeployedPrecision precision,
    int context,
    MemoryReserve reserve) {
  /** What is served on what, with a tenth of the memory kept free. */
  public Deployment(ModelConfig model, Machine machine, DeployedPrecision precision, int context) {
    this(model, machine, precision, context, MemoryReserve.DEFAULT);
  }

  /** Whether steps are the same as those of another deployment, if on another machine perhaps. */
  boolean hasStepsOf(Deployment other) {
    return model.equals(other.model)
        && precision.equals(other.precision)
        && context == other.context;
  }

  /** The queries of one request in a step. */
  StepQueries request() {
    return new StepQueries(1, context);
  }

  /** The steps of a strategy. */
  ExpectedSteps steps(Strategy strategy, LoadModel.UniformExpectation load) {
    return new ExpectedSteps(model, strategy, precision, load);
  }

  /**
   * What the GPU that has most holds, for each way to lay a strategy over exactly so many GPUs.
   *
   * @param batch number of requests
   */
  public List<RankMemory> memories(StrategyKind kind, int gpus, int batch) {
    LoadModel.UniformExpectation load = new LoadModel.UniformExpectation();
    return new SearchSpace(gpus, List.of(kind), List.of(batch), SearchSpace.Pieces.NONE)
        .plans(model).stream()
            .filter(plan -> plan.gpus() == gpus)
            .map(plan -> steps(plan.strategy(), load).bySizes(request().times(batch)))
            .map(step -> step.kinds().get(0).memory())
            .toList();
  }

  /** The memory of a GPU that may be filled. */
  public long usableBytes() {
    return reserve.usableBytes(machine.gpu());
  }
}
