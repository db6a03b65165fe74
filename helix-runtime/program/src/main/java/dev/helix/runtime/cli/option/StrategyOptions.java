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
import picocli.CommandLine;
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
              + " (default: 2, and 8 for a model that is timed, but not more than requests).")
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

  private final DefaultLayout open;

  @Mixin private final LayoutOptions widths;

  @Mixin private ExpertOptions experts;

  /**
   * Creates the options.
   *
   * @param open the widths that are used if none are given
   */
  public StrategyOptions(DefaultLayout open) {
    this.open = open;
    this.widths = new LayoutOptions(open);
  }

  /** The values of {@code --strategy}. */
  static final class Names extends OneOf<StrategyName> {
    Names() {
      super(List.of(StrategyName.values()));
    }
  }

  /** The name that was given. */
  public StrategyName name() {
    return name;
  }

  /** Refuses the options that the strategy does not have. */
  public void refuseWithoutEffect(GivenOptions given) {
    given.refuse("with --strategy " + name, name.withoutEffect());
  }

  /**
   * The strategy for a model.
   *
   * @param requests number of requests, each of which can be a data parallel group
   * @throws InvalidInputException if its widths do not fit each other
   */
  public Strategy of(
      ModelConfig config, int requests, PlacementRule placement, boolean hopB, GivenOptions given) {
    experts.refuseWithoutEffect(given, config);
    return strategy(name, config, requests, placement, hopB);
  }

  /**
   * A strategy for a deployed model, with its default widths and the paper's placement.
   *
   * @param requests number of requests, each of which can be a data parallel group
   * @throws InvalidInputException if the widths do not fit each other
   */
  public static Strategy deployed(
      StrategyName name, ModelConfig config, int requests, boolean hopB) {
    StrategyOptions open = CommandLine.populateCommand(new StrategyOptions(DefaultLayout.DEPLOYED));
    PlacementRule placement = PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH);
    return open.strategy(name, config, requests, placement, hopB);
  }

  private Strategy strategy(
      StrategyName of, ModelConfig config, int requests, PlacementRule placement, boolean hopB) {
    return switch (of) {
      case HELIX -> new HelixStrategy(widths.of(config), placement, hopB, experts.exchange());
      case TENSOR_PARALLEL -> new TensorParallelStrategy(widths.tensorParallel(8));
      case PIPELINE ->
          new PipelineStrategy(
              pp.orElse(STAGES), widths.tensorParallel(open.stageTpa()), microBatches.orElse(1));
      case DATA_PARALLEL ->
          new DataParallelStrategy(
              dp.orElse(Math.max(1, Math.min(requests, open.groups()))),
              widths.kvpOr(1),
              widths.tpaOr(open.groupTpa(config)),
              placement,
              hopB);
      case MEDHA -> widths.medha(config, placement);
    };
  }
}
