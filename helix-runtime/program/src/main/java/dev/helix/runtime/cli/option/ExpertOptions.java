package dev.helix.runtime.cli.option;

import dev.helix.ffn.helix.MoeExchange;
import dev.helix.ffn.helix.MoeExchange.Reduction;
import dev.helix.ffn.helix.MoeExchange.Router;
import dev.helix.runtime.checkpoint.ModelConfig;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say what the ranks of Helix exchange for a mixture of experts. */
public final class ExpertOptions {
  @Option(
      names = "--router",
      paramLabel = "NAME",
      defaultValue = "replicated",
      converter = Routers.class,
      description =
          "Spread the router of the experts in this way under helix: replicated, every rank has"
              + " all of it; or split, over all ranks, which gather the logits (default:"
              + " ${DEFAULT-VALUE}).")
  private Router router;

  @Option(
      names = "--reduction",
      paramLabel = "NAME",
      defaultValue = "one-all-reduce",
      converter = Reductions.class,
      description =
          "Add up the experts' terms in this way under helix: one-all-reduce, over all ranks,"
              + " shared expert included; or by-group, in each expert group and then between"
              + " groups, as the paper words it (default: ${DEFAULT-VALUE}).")
  private Reduction reduction;

  /** The values of {@code --router}. */
  static final class Routers extends OneOf<Router> {
    Routers() {
      super(List.of(Router.values()));
    }
  }

  /** The values of {@code --reduction}. */
  static final class Reductions extends OneOf<Reduction> {
    Reductions() {
      super(List.of(Reduction.values()));
    }
  }

  /** The exchange that was chosen. */
  public MoeExchange exchange() {
    return new MoeExchange(router, reduction);
  }

  /** Refuses the options for a model that has no experts. */
  public void refuseWithoutEffect(GivenOptions given, ModelConfig config) {
    if (config.mixture().isEmpty()) {
      given.refuse("for a model without experts", "--router", "--reduction");
    }
  }
}
