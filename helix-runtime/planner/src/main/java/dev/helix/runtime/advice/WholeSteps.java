package dev.helix.runtime.advice;

import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTracer;

/** The times of configurations of one deployment, with all layers, pieces and micro-batches. */
final class WholeSteps {
  private final Deployment deployment;

  /** The expected load of the experts, whose chances all configurations share. */
  private final LoadModel load = new LoadModel.UniformExpectation();

  WholeSteps(Deployment deployment) {
    this.deployment = deployment;
  }

  Deployment deployment() {
    return deployment;
  }

  /** The time of a configuration. */
  StepTime of(Configuration one) {
    return StepTime.of(
        deployment.machine(),
        StepTracer.trace(
            deployment.model(),
            one.strategy(),
            one.batch(),
            deployment.context(),
            deployment.precision(),
            load),
        one.batch(),
        one.hopB().accounting());
  }
}
