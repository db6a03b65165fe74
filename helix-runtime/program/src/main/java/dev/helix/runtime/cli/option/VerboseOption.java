package dev.helix.runtime.cli.option;

import picocli.CommandLine.Option;

/**
 * The option {@code --verbose}. It takes effect while arguments are read, because logging looks
 * when it is first used.
 */
public final class VerboseOption {
  @Option(
      names = "--verbose",
      order = 20,
      description = "Log each step of a run to standard error, one line a step.")
  void logSteps(boolean on) {
    System.setProperty("helix.log", on ? "INFO" : "WARN");
  }
}
