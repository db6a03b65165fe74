package dev.helix.runtime.cli.option;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.tensor.InvalidInputException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The strategy by which a run spreads a model, and the widths that belong to it. */
public final class StrategyOptions {
  private static final int STAGES = 2;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      defaultValue = "helix",
      converter = Names.class,
      description =
          "Spread the model in this way: helix; tp, tensor parallelism; tp-pp, the same in a"
              + " pipeline of stages; dp-ep, data parallel attention with expert parallelism, on"
              + " groups of Helix where KVP or TPA is given; or medha (default:"
              + " ${DEFAULT-VALUE}).")
  private StrategyName name;

  @Option(
      names = "--dp",
      paramLabel = "N",
      description =
          "Deal the requests to this many groups under dp-ep, at most one for each request"
              + " (default: 2).")
  private Optional<Integer> dp;

  @Option(
      names = "--pp",
      paramLabel = "N",
      description =
          "Split the layers into this many stages under tp-pp, at most one for each layer (default:"
              + " 2).")
  private Optional<Integer> pp;

  @Option(
      names = "--micro-batches",
      paramLabel = "N",
      description =
          "Send a step through the stages in this many parts under tp-pp, at most one for each"
              + " request (default: 1).")
  private Optional<Integer> microBatches;

  @Mixin private final LayoutOptions widths = new LayoutOptions(DefaultLayout.SIMULATED);

  @Mixin private ExpertOptions experts;

  /** The values of {@code --strategy}. */
  static final class Names extends OneOf<StrategyName> {
    Names() {
      super(List.of(StrategyName.values()));
    }
  }

  /** Refuses the options that the strategy does not have. */
  public void refuseWithoutEffect(GivenOptions given) {
    given.refuse("with --strategy " + name, name.withoutEffect());
  }

  /**
   * The strategy for a model.
   *
   * @throws InvalidInputException if its widths do not fit each other
   */
  public Strategy of(
      ModelConfig config, PlacementRule placement, boolean hopB, GivenOptions given) {
    experts.refuseWithoutEffect(given, config);
    return switch (name) {
      case HELIX -> new HelixStrategy(widths.of(config), placement, hopB, experts.exchange());
      case TENSOR_PARALLEL -> new TensorParallelStrategy(widths.tensorParallel(8));
      case PIPELINE ->
          new PipelineStrategy(pp.orElse(STAGES), widths.tensorParallel(2), microBatches.orElse(1));
      case DATA_PARALLEL ->
          new DataParallelStrategy(dp.orElse(2), widths.kvpOr(1), widths.tpaOr(1), placement, hopB);
      case MEDHA -> widths.medha(config, placement);
    };
  }
}
