package dev.helix.runtime.cli.time;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.tensor.InvalidInputException;
import picocli.CommandLine.Option;

/** The options that say how the tokens of a deployed model spread over its experts. */
final class LoadOptions {
  private static final String UNIFORM = "uniform";

  @Option(
      names = "--load",
      paramLabel = "MODEL",
      defaultValue = UNIFORM,
      description =
          "Load the experts in this way: uniform, by expectation; busiest, as on the busiest rank"
              + " of a random routing; or power-law, the same where the i-th expert is 1/i as"
              + " popular as the first (default: ${DEFAULT-VALUE}).")
  private String load;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Begin the random routing with this seed, any whole number (default: ${DEFAULT-VALUE}).")
  private long seed;

  void refuseWithoutEffect(GivenOptions given) {
    if (load.equals(UNIFORM)) {
      given.refuse("with --load uniform", "--seed");
    }
  }

  /**
   * Refuses a load that differs from layer to layer where an option needs all layers alike.
   *
   * @throws InvalidInputException naming the option
   */
  void requireUniform(boolean needed, String option) {
    if (needed && !load.equals(UNIFORM)) {
      throw new InvalidInputException(
          "%s: expected --load %s, got --load %s".formatted(option, UNIFORM, load));
    }
  }

  /** Refuses options that have no effect, also for a model that may have no experts. */
  void refuseWithoutEffect(GivenOptions given, String model, ModelConfig config) {
    if (config.mixture().isEmpty()) {
      given.refuse("on " + model + ", which has no experts", "--load", "--seed");
    }
  }

  /**
   * The model of the load.
   *
   * @throws InvalidInputException if there is none with that name
   */
  LoadModel model() {
    return switch (load) {
      case UNIFORM -> new LoadModel.UniformExpectation();
      case "busiest" -> new LoadModel.SampledBusiestRank(seed);
      case "power-law" -> new LoadModel.PowerLaw(1, seed);
      default ->
          throw new InvalidInputException(
              "--load: expected uniform, busiest or power-law, got '" + load + "'");
    };
  }

  /** The name of the load, as it was given. */
  String name() {
    return load;
  }

  /** The seed of the random routing. */
  long seed() {
    return seed;
  }
}
