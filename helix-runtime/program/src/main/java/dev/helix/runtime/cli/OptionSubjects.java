package dev.helix.runtime.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Puts the options in front of messages that are about them. Messages of the library name what is
 * wrong in the field's words, because not every caller is a command line. The program turns them
 * into {@code --kvp: must be at least 1, got 0}.
 */
final class OptionSubjects {
  /**
   * The beginnings of messages, and the options that set what they are about. The first one that
   * fits counts.
   */
  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject(
              "KVP × TPA \\([^)]*\\) must equal TPF × EP", "--kvp", "--tpa", "--tpf", "--ep"),
          new Subject("DP × KVP × TPA", "--dp", "--kvp", "--tpa"),
          new Subject("PP × TPA", "--pp", "--tpa"),
          new Subject("DP", "--dp"),
          new Subject("PP", "--pp"),
          new Subject("micro-batches", "--micro-batches"),
          new Subject("KVP × TPA", "--kvp", "--tpa"),
          new Subject("TPF × EP", "--tpf", "--ep"),
          new Subject("KVP", "--kvp"),
          new Subject("TPA", "--tpa"),
          new Subject("TPF", "--tpf"),
          new Subject("EP", "--ep"),
          new Subject("MLA has one latent KV head", "--tpa"),
          new Subject("batch", "--batch"),
          new Subject("context", "--context"),
          new Subject("run length", "--run-length"),
          new Subject("tokens to decode", "--max-new"),
          new Subject("no prompt", "--prompt", "--tokens"),
          new Subject("request \\d+: token", "--prompt", "--tokens"),
          new Subject("request \\d+: a prompt", "--prompt", "--tokens", "--max-new"),
          new Subject("KV cache in", "--kv"),
          new Subject("weights in", "--weights"),
          new Subject("GPU", "--gpu"),
          new Subject("preset", "--preset"),
          new Subject("this reading", "--reading"),
          new Subject("mark of a part without tokens", "--empty"));

  private OptionSubjects() {}

  /** The words with which messages about some options begin. */
  private record Subject(Pattern words, List<String> options) {
    Subject(String words, String... options) {
      this(Pattern.compile("(" + words + ")\\b(?: (?=must ))?"), List.of(options));
    }

    /** The message with its options in front. If some of them were given, it names only these. */
    String named(String message, Matcher found, CommandSpec command) {
      List<String> known =
          options.stream().filter(name -> command.findOption(name) != null).toList();
      List<String> given =
          known.stream().filter(command.commandLine().getParseResult()::hasMatchedOption).toList();
      String names = (given.isEmpty() ? known : given).stream().collect(Collectors.joining(", "));
      boolean saidByTheOption = found.end() > found.end(1);
      return names.isEmpty()
          ? message
          : names + ": " + (saidByTheOption ? message.substring(found.end()) : message);
    }
  }

  /**
   * The message with its options in front. It is unchanged if it begins with an option already, or
   * is about none.
   *
   * @param command the command that has been run
   */
  static String named(String message, CommandSpec command) {
    if (message.startsWith("--")) {
      return message;
    }
    for (OptionSpec option : command.options()) {
      if (option.originalStringValues().stream().anyMatch(value -> begins(message, value))) {
        return option.longestName() + ": " + message;
      }
    }
    for (Subject subject : SUBJECTS) {
      Matcher found = subject.words().matcher(message);
      if (found.lookingAt()) {
        return subject.named(message, found, command);
      }
    }
    return message;
  }

  /** Whether a message begins with the name of a file that was given, or of a file inside it. */
  private static boolean begins(String message, String value) {
    try {
      String path = Path.of(value).toString();
      String rest = message.startsWith(path) ? message.substring(path.length()) : "";
      return !path.isEmpty() && (rest.startsWith(":") || rest.matches("(?s)[/\\\\].+"));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
