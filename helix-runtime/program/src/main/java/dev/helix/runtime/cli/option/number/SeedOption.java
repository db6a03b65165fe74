package dev.helix.runtime.cli.option.number;

import picocli.CommandLine.Option;

/** The option {@code --seed} of commands that draw cases. */
public final class SeedOption {
  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Begin random cases with this seed, any whole number (default: ${DEFAULT-VALUE}).")
  private long seed;

  /** The seed. */
  public long seed() {
    return seed;
  }
}
