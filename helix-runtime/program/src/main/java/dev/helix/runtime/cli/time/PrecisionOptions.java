package dev.helix.runtime.cli.time;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.OneOf;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.timing.report.TimeReport;
import dev.helix.tensor.DType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The number formats in which a model is deployed, for each kind of operand. */
public final class PrecisionOptions {
  @Option(
      names = "--weights",
      paramLabel = "FORMAT",
      defaultValue = "nvfp4",
      converter = Precisions.class,
      description =
          "Deploy the weights in this format: nvfp4, or fp4 for short; fp8; or bf16. Activations"
              + " are in bf16 (default: ${DEFAULT-VALUE}).")
  private DeployedFormat weights;

  @Option(
      names = "--attention-weights",
      paramLabel = "FORMAT",
      converter = Precisions.class,
      description = "Deploy the projections of attention and the head in this format instead.")
  private Optional<DeployedFormat> attention;

  @Option(
      names = "--ffn-weights",
      paramLabel = "FORMAT",
      converter = Precisions.class,
      description = "Deploy the dense FFNs in this format instead.")
  private Optional<DeployedFormat> ffn;

  @Option(
      names = "--expert-weights",
      paramLabel = "FORMAT",
      converter = Precisions.class,
      description = "Deploy the experts, the shared one included, in this format instead.")
  private Optional<DeployedFormat> experts;

  @Option(
      names = "--kv",
      paramLabel = "FORMAT",
      defaultValue = "nvfp4",
      converter = Precisions.class,
      description =
          "Deploy the KV cache in this format: nvfp4, fp8 or bf16 (default: ${DEFAULT-VALUE}).")
  private DeployedFormat kv;

  /** The number formats in which models are deployed. */
  static final class Precisions extends OneOf<DeployedFormat> {
    Precisions() {
      super(List.of(DeployedFormat.values()), Map.of("fp4", DeployedFormat.NVFP4));
    }
  }

  /** Refuses formats of what a model does not have. */
  public void refuseWithoutEffect(GivenOptions given, ModelConfig model) {
    if (model.mixture().isEmpty()) {
      given.refuse("on a model without experts", "--expert-weights");
    }
    if (!model.hasDenseLayers()) {
      given.refuse("on a model without dense FFNs", "--ffn-weights");
    }
  }

  /** The formats of all kinds of operands. */
  public DeployedPrecision precision() {
    return new DeployedPrecision(
        attention.orElse(weights).elements(),
        ffn.orElse(weights).elements(),
        experts.orElse(weights).elements(),
        kv.elements(),
        DType.BF16);
  }

  /** The formats as the report has them. */
  public TimeReport.Formats fields() {
    return new TimeReport.Formats(
        weights.toString(),
        attention.map(DeployedFormat::toString),
        ffn.map(DeployedFormat::toString),
        experts.map(DeployedFormat::toString),
        kv.toString());
  }
}
