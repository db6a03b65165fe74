package dev.helix.runtime.cli.option;

import dev.helix.runtime.cli.option.number.TokenCountConverter;
import picocli.CommandLine.Option;

/** The option {@code --context} by itself, for commands that try many batches. */
public final class ContextOption {
  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      defaultValue = "1M",
      converter = TokenCountConverter.class,
      description =
          "Let each request attend to this many tokens, from 1 to 2^30. 1k and 1M are 10^3 and"
              + " 10^6, 1Ki and 1Mi are 2^10 and 2^20 (default: ${DEFAULT-VALUE}).")
  private int context;

  /** Number of tokens that each request attends to. */
  public int tokens() {
    return context;
  }
}
