package dev.helix.runtime.cli.time;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.cli.option.GivenOptions;
import dev.helix.runtime.cli.option.OneOf;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.timing.report.TimeReport;
import dev.helix.tensor.DType;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The number formats in which a model is deployed, for each kind of operand. */
final class PrecisionOptions {
  @Option(
      names = "--weights",
      paramLabel = "DTYPE",
      defaultValue = "fp4",
      converter = Precisions.class,
      description =
          "Deploy the weights in this precision: fp4, fp8 or bf16; activations are in bf16"
              + " (default: ${DEFAULT-VALUE}).")
  private DType weights;

  @Option(
      names = "--attention-weights",
      paramLabel = "DTYPE",
      converter = Precisions.class,
      description = "Deploy the projections of attention and the head in this precision instead.")
  private Optional<DType> attention;

  @Option(
      names = "--ffn-weights",
      paramLabel = "DTYPE",
      converter = Precisions.class,
      description = "Deploy the dense FFNs in this precision instead.")
  private Optional<DType> ffn;

  @Option(
      names = "--expert-weights",
      paramLabel = "DTYPE",
      converter = Precisions.class,
      description = "Deploy the experts, the shared one included, in this precision instead.")
  private Optional<DType> experts;

  @Option(
      names = "--kv",
      paramLabel = "DTYPE",
      defaultValue = "fp4",
      converter = Precisions.class,
      description =
          "Deploy the KV cache in this precision: fp4, fp8 or bf16 (default: ${DEFAULT-VALUE}).")
  private DType kv;

  /** The number formats in which models are deployed. */
  static final class Precisions extends OneOf<DType> {
    Precisions() {
      super(List.of(DType.FP4, DType.FP8, DType.BF16));
    }
  }

  void refuseWithoutEffect(GivenOptions given, ModelConfig model) {
    if (model.mixture().isEmpty()) {
      given.refuse("on a model without experts", "--expert-weights");
    }
    if (!model.hasDenseLayers()) {
      given.refuse("on a model without dense FFNs", "--ffn-weights");
    }
  }

  DeployedPrecision precision() {
    return new DeployedPrecision(
        attention.orElse(weights), ffn.orElse(weights), experts.orElse(weights), kv, DType.BF16);
  }

  /** The formats as the report has them. */
  TimeReport.Formats fields() {
    return new TimeReport.Formats(
        weights.toString(),
        attention.map(DType::toString),
        ffn.map(DType::toString),
        experts.map(DType::toString),
        kv.toString());
  }
}
