package dev.helix.runtime.cli.option;

import dev.helix.tensor.InvalidInputException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options that the user gave on the command line, as opposed to those with their defaults. */
public final class GivenOptions {
  private final ParseResult parsed;

  /**
   * Reads the options of a command.
   *
   * @param command the command that is being run
   */
  public GivenOptions(CommandSpec command) {
    this.parsed = command.commandLine().getParseResult();
  }

  /** Whether an option was given. */
  public boolean has(String option) {
    return parsed.hasMatchedOption(option);
  }

  /**
   * The names of all options that were given, in their order. A repeated option is listed each
   * time.
   */
  public List<String> names() {
    return parsed.matchedOptions().stream().map(OptionSpec::longestName).toList();
  }

  /**
   * Refuses options that would be ignored.
   *
   * @param circumstance when they would be, as {@code "with --x"}
   * @throws InvalidInputException naming the first of them that was given
   */
  public void refuse(String circumstance, String... options) {
    for (String option : options) {
      if (has(option)) {
        throw new InvalidInputException(option + ": has no effect " + circumstance);
      }
    }
  }
}
