package dev.helix.runtime.cli.option;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a command's ranks hold a model: the widths of the layout, those of them that are given. */
public final class LayoutOptions {
  private static final String[] WIDTHS = {"--kvp", "--tpa", "--tpf", "--ep"};

  private final DefaultLayout open;

  @Option(
      names = "--kvp",
      paramLabel = "N",
      description = "Shards of the KV cache along the sequence (default: see below).")
  private Optional<Integer> kvp;

  @Option(
      names = "--tpa",
      paramLabel = "N",
      description = "Tensor parallel width of attention (default: see below).")
  private Optional<Integer> tpa;

  @Option(
      names = "--tpf",
      paramLabel = "N",
      description = "Tensor parallel width of the FFN (default: all ranks / EP).")
  private Optional<Integer> tpf;

  @Option(
      names = "--ep",
      paramLabel = "N",
      description = "Expert parallel width of the FFN (default: all ranks / TPF, or see below).")
  private Optional<Integer> ep;

  /**
   * @param open where a width is left open
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

  /** Refuses every width where none has an effect. */
  public static void refuse(GivenOptions given, String circumstance) {
    given.refuse(circumstance, WIDTHS);
  }
}
