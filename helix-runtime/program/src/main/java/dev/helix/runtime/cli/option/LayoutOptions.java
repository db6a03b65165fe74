package dev.helix.runtime.cli.option;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options for the widths of a layout; some or all of them may be given. */
public final class LayoutOptions {
  private final DefaultLayout open;

  @Option(
      names = "--kvp",
      paramLabel = "N",
      description =
          "Split the KV cache of each request along the sequence into this many shards, at least 1"
              + " (default: see below).")
  private Optional<Integer> kvp;

  @Option(
      names = "--tpa",
      paramLabel = "N",
      description =
          "Split the KV heads into this many groups, which must divide them; with latent attention"
              + " it is 1 (default: see below).")
  private Optional<Integer> tpa;

  @Option(
      names = "--tpf",
      paramLabel = "N",
      description =
          "Split the columns of the FFN, or of each expert, over this many ranks; TPF x EP = KVP x"
              + " TPA (default: the number of ranks / EP).")
  private Optional<Integer> tpf;

  @Option(
      names = "--ep",
      paramLabel = "N",
      description =
          "Split the experts into this many groups, which must divide them; without experts it is"
              + " 1 (default: the number of ranks / TPF, or see below).")
  private Optional<Integer> ep;

  /**
   * Creates the options.
   *
   * @param open the widths that are used if they are not given
   */
  public LayoutOptions(DefaultLayout open) {
    this.open = open;
  }

  /**
   * The layout of a model.
   *
   * @throws InvalidInputException if a width does not divide the ranks
   */
  public Layout of(ModelConfig config) {
    return open.of(config, kvp, tpa, tpf, ep);
  }

  int kvpOr(int open) {
    return kvp.orElse(open);
  }

  int tpaOr(int open) {
    return tpa.orElse(open);
  }

  /**
   * A layout without KVP.
   *
   * @throws InvalidInputException if a width does not divide TPA
   */
  Layout tensorParallel(int openTpa) {
    return DefaultLayout.tensorParallel(tpaOr(openTpa), tpf, ep);
  }

  /**
   * Medha with the default fixed group, unless it is given.
   *
   * @throws InvalidInputException if the widths do not fit each other
   */
  MedhaStrategy medha(ModelConfig config, PlacementRule placement) {
    Layout attention = open.attention(config);
    int heads = tpaOr(attention.tpa());
    int shards = kvpOr(attention.kvp());
    int groups = ep.orElse(1);
    int columns =
        tpf.orElseGet(() -> Math.max(1, open.fixedGroup(shards, heads) / Math.max(1, groups)));
    return new MedhaStrategy(shards, heads, columns, groups, placement);
  }
}
