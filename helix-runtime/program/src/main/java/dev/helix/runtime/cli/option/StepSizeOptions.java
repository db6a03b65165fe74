package dev.helix.runtime.cli.option;

import picocli.CommandLine.Option;

/** How large the step of a deployed model is. */
public final class StepSizeOptions {
  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      defaultValue = "1M",
      converter = TokenCountConverter.class,
      description =
          "Tokens that each request of a deployed model attends to; k and M are powers of ten, Ki"
              + " and Mi of two, in either case (default: ${DEFAULT-VALUE}).")
  private int context;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "8",
      description = "Requests to a deployed model (default: ${DEFAULT-VALUE}).")
  private int batch;

  /** Tokens of each request. */
  public int context() {
    return context;
  }

  /** Requests. */
  public int batch() {
    return batch;
  }
}
