package dev.helix.runtime.cli.decode;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.cli.option.ModelOption;
import dev.helix.runtime.cli.option.StepCounts;
import dev.helix.runtime.cli.option.StepSizeOptions;
import dev.helix.runtime.cli.option.StrategyName;
import dev.helix.runtime.cli.option.StrategyOptions;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.report.LayoutFields;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.report.DeployedStep;
import dev.helix.runtime.timing.report.QuantityCosts;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.InvalidInputException;
import java.util.List;

/**
 * Computes the times that {@code helix decode} prints: those of a GB200 under the {@code silicon}
 * preset.
 */
final class DeployedTimes {
  private static final String PRESET = "silicon";

  private DeployedTimes() {}

  /**
   * The costs of a run: all its steps at their own shapes, with weights and cache in the run's
   * formats, everything else in that of the model's activations, and experts loaded as they were.
   */
  static QuantityCosts ofRun(DecodePlan plan, DecodeResult result) {
    return QuantityCosts.of(StepTracer.ofRun(plan, result, plan.precision()), machine());
  }

  /**
   * The costs of one step of a model, named or in a directory, in FP4 and with the default widths
   * of a strategy.
   *
   * @throws InvalidInputException if the strategy cannot spread the model or the batch with them,
   *     or the step is too large to be counted
   */
  static DeployedStep ofStep(String model, StepSizeOptions size, StrategyName name, boolean hopB) {
    return StepCounts.counted("--context, --batch", () -> step(model, size, name, hopB));
  }

  private static DeployedStep step(
      String model, StepSizeOptions size, StrategyName name, boolean hopB) {
    ModelConfig config = ModelOption.shape("--as", model).config();
    Strategy strategy = StrategyOptions.deployed(name, config, size.batch(), hopB);
    StepTrace step =
        StepTracer.trace(
            config,
            strategy,
            size.batch(),
            size.context(),
            DeployedPrecision.FP4,
            new LoadModel.UniformExpectation());
    return new DeployedStep(
        model,
        LayoutFields.spread(strategy, config),
        size.context(),
        size.batch(),
        PRESET,
        QuantityCosts.of(List.of(step), machine()));
  }

  private static Machine machine() {
    return Machine.named("gb200", PRESET);
  }
}
