package dev.helix.runtime.cli.decode;

import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.StepSizeOptions;
import dev.helix.runtime.cli.option.StrategyName;
import dev.helix.runtime.timing.report.DeployedStep;
import dev.helix.tensor.InvalidInputException;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for a deployed model that the small model of a run stands for. */
final class DeployedOptions {
  @Option(
      names = "--as",
      paramLabel = "NAME|DIR",
      description =
          "Also print how long the same operations take on GB200s in one step of this model,"
              + " modelled in FP4, under the same strategy and with its default widths in helix"
              + " time: llama-405b, deepseek-r1 or a directory with a config.json.")
  private Optional<String> as;

  @Mixin private StepSizeOptions size;

  void refuseWithoutEffect(GivenOptions given) {
    if (as.isEmpty()) {
      given.refuse("without --as", "--context", "--batch");
    }
  }

  /**
   * The cost of a step of the deployed model, if one was given.
   *
   * @throws InvalidInputException if there is no such model, or it cannot be traced at that size
   */
  Optional<DeployedStep> step(StrategyName strategy, boolean hopB) {
    return as.map(model -> DeployedTimes.ofStep(model, size, strategy, hopB));
  }
}
