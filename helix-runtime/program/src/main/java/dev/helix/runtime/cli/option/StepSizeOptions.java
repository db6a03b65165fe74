package dev.helix.runtime.cli.option;

import dev.helix.runtime.cli.option.number.TokenCountConverter;
import picocli.CommandLine.Option;

/** The options {@code --context} and {@code --batch}: the size of the modelled decode step. */
public final class StepSizeOptions {
  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      defaultValue = "1M",
      converter = TokenCountConverter.class,
      description =
          "Let each request of the deployed model attend to this many tokens, from 1 to 2^30. 1k"
              + " and 1M are 10^3 and 10^6, 1Ki and 1Mi are 2^10 and 2^20 (default:"
              + " ${DEFAULT-VALUE}).")
  private int context;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "Let the deployed model serve this many requests, from 1 to 65536 (default:"
              + " ${DEFAULT-VALUE}).")
  private int batch;

  /** Number of tokens that each request attends to. */
  public int context() {
    return context;
  }

  /** Number of requests. */
  public int batch() {
    return batch;
  }
}
