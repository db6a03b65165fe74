package dev.helix.runtime.cli.output;

import dev.helix.runtime.cli.console.Console;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option {@code --json}, which says where a command's report goes. */
public final class JsonOption {
  private static final String NAME = "--json";

  @Option(
      names = NAME,
      paramLabel = "FILE|-",
      description =
          "Write the report as JSON to this file, which is replaced as a whole. With - it goes to"
              + " standard output, and nothing else does.")
  private Optional<String> place;

  /**
   * The report that was asked for. Whether it can be written is tried before the work starts.
   *
   * @param console the console of the command
   * @throws dev.helix.tensor.InvalidInputException if nothing can be written there
   */
  public Report report(Console console) {
    if (place.isEmpty()) {
      return Report.nowhere(console);
    }
    return place.get().equals(ReportFile.STANDARD_OUTPUT)
        ? Report.onStandardOutput(console)
        : Report.in(ReportFile.given(NAME, place.get()), console);
  }
}
