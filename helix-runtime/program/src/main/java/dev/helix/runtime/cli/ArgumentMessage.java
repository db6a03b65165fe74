package dev.helix.runtime.cli;

import dev.helix.runtime.cli.option.number.WholeNumber;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong with the arguments, in the form of all other messages: first the option, then
 * the fault.
 */
final class ArgumentMessage {
  /** Options that existed once, and the commands that replace them. */
  private static final Map<String, String> COMMANDS_NOW =
      Map.of("--all-layouts", "layouts", "--validate", "calibration", "--museum", "museum");

  /**
   * The beginning of picocli's message about a value; the words in parentheses are the label of the
   * field.
   */
  private static final Pattern INVALID_VALUE =
      Pattern.compile("Invalid value for option '(--[a-z0-9-]+)'(?: \\([^)]*\\))?: ");

  /** The words with which the description of an option says which numbers it takes. */
  private static final Pattern RANGE = Pattern.compile("\\bfrom -?\\d+ to \\d+\\b");

  private ArgumentMessage() {}

  static String of(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      for (String argument : unmatched.getUnmatched()) {
        if (COMMANDS_NOW.containsKey(argument)) {
          return argument + ": use the command " + COMMANDS_NOW.get(argument);
        }
      }
    }
    return fault(e) + " (see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help)";
  }

  private static String fault(ParameterException e) {
    if (e instanceof OverwrittenOptionException twice) {
      return name(twice.getOverwritten()) + ": expected once, got twice";
    }
    if (e instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      ArgSpec option = missing.getMissing().get(0);
      return "%s: expected %s, got nothing".formatted(name(option), option.paramLabel());
    }
    if (e instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().get(0);
      return first.startsWith("-")
          ? first + ": there is no such option"
          : "'%s': expected %s".formatted(first, expected(unmatched.getCommandLine()));
    }
    if (e.getArgSpec() instanceof OptionSpec option && option.arity().max() == 0) {
      return "%s: expected no value, got '%s'".formatted(name(option), e.getValue());
    }
    String message = INVALID_VALUE.matcher(e.getMessage()).replaceFirst("$1: ");
    return e.getArgSpec() == null ? message : withRange(message, e.getArgSpec());
  }

  /** The message about a number that no type holds, with the option's range where it has one. */
  private static String withRange(String message, ArgSpec option) {
    Matcher range = RANGE.matcher(String.join(" ", option.description()));
    if (!range.find()) {
      return message;
    }
    String within = "expected a whole number " + range.group();
    return message
        .replace("expected " + WholeNumber.SMALLER, within)
        .replace("expected " + WholeNumber.GREATER, within);
  }

  private static String expected(CommandLine command) {
    return command.getSubcommands().isEmpty()
        ? "options alone"
        : "a command, one of " + command.getSubcommands().keySet();
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }
}
