package dev.helix.runtime.sweep;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.RankMemory;
import dev.helix.runtime.trace.ShortStep;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.StepTracer;
import java.util.List;

/**
 * What is served on what. Experts are loaded uniformly, by expectation.
 *
 * @param context number of tokens to which each request attends
 */
public record Deployment(
    ModelConfig model, Machine machine, DeployedPrecision precision, int context) {
  ShortStep step(Strategy strategy, int batch) {
    return StepTracer.shortStep(
        model,
        strategy,
        new StepQueries(batch, context),
        precision,
        new LoadModel.UniformExpectation());
  }

  /**
   * What the GPU that has most holds, for each way to lay a strategy over exactly so many GPUs.
   *
   * @param batch number of requests
   */
  public List<RankMemory> memories(StrategyKind kind, int gpus, int batch) {
    return new SearchSpace(gpus, List.of(kind), List.of(batch), false)
        .plans(model).stream()
            .filter(plan -> plan.gpus() == gpus)
            .map(plan -> step(plan.strategy(), batch).trace().kinds().get(0).memory())
            .toList();
  }

  /** The memory of a GPU that may be filled: nine tenths, as libraries and buffers need some. */
  public long usableBytes() {
    return machine.gpu().memoryBytes() / 10 * 9;
  }
}
