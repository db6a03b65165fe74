package dev.helix.runtime.cli.option;

import dev.helix.tensor.InvalidInputException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options that stand on the command line, as opposed to those that take their default. */
public final class GivenOptions {
  private final ParseResult parsed;

  /**
   * @param command one that is being run
   */
  public GivenOptions(CommandSpec command) {
    this.parsed = command.commandLine().getParseResult();
  }

  /** Whether the option is there. */
  public boolean has(String option) {
    return parsed.hasMatchedOption(option);
  }

  /** The names of all options, in the order given; one that is repeated is there each time. */
  public List<String> names() {
    return parsed.matchedOptions().stream().map(OptionSpec::longestName).toList();
  }

  /**
   * Refuses options that would be ignored.
   *
   * @param circumstance in which they are, as {@code "with --x"}
   * @throws InvalidInputException naming the first of them that is given
   */
  public void refuse(String circumstance, String... options) {
    for (String option : options) {
      if (has(option)) {
        throw new InvalidInputException(option + ": has no effect " + circumstance);
      }
    }
  }
}
