package dev.helix.runtime.cli.option;

import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
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

  /** The names of all options that were given, but for one. */
  public String[] others(String option) {
    return names().stream().filter(name -> !name.equals(option)).toArray(String[]::new);
  }

  /**
   * Some options as they were given, each name before its value.
   *
   * @param options which options, each with one value, in their order
   */
  public List<String> asWritten(List<String> options) {
    List<String> words = new ArrayList<>();
    for (String option : options) {
      if (has(option)) {
        words.add(option);
        words.addAll(parsed.matchedOption(option).originalStringValues());
      }
    }
    return words;
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
