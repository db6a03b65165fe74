package dev.helix.runtime.sweep;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.ShortStep;
import dev.helix.runtime.trace.StepTracer;

/**
 * What is served on what. Experts are loaded uniformly, by expectation.
 *
 * @param context number of tokens to which each request attends
 */
public record Deployment(
    ModelConfig model, Machine machine, DeployedPrecision precision, int context) {
  ShortStep step(Strategy strategy, int batch) {
    return StepTracer.shortStep(
        model, strategy, batch, context, precision, new LoadModel.UniformExpectation());
  }

  /** The memory of a GPU that may be filled: nine tenths, as libraries and buffers need some. */
  public long usableBytes() {
    return machine.gpu().memoryBytes() / 10 * 9;
  }
}
