package dev.helix.tests.manual;

import dev.helix.tests.cli.PackedProgramTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands as pages write them, and what of them the program is given. */
final class CommandLineWords {
  /** The program, as a user starts it in the root of the repository. */
  static final String JAR = "java -jar " + PackedProgramTest.JAR;

  private static final String MAVEN = "mvn -q compile exec:java";
  private static final Pattern MAVEN_ARGUMENTS = Pattern.compile("-Dexec\\.args=\"([^\"]*)\"");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  private CommandLineWords() {}

  /** The arguments of the program, or nothing if it is another command. */
  static Optional<List<String>> ofProgram(String command) {
    if (command.equals(MAVEN)) {
      return Optional.of(List.of("decode"));
    }
    if (command.startsWith(MAVEN + " ")) {
      Matcher given = MAVEN_ARGUMENTS.matcher(command.substring(MAVEN.length()).strip());
      return given.matches() ? Optional.of(split(given.group(1))) : Optional.empty();
    }
    return command.startsWith(JAR + " ")
        ? Optional.of(split(command.substring(JAR.length())))
        : Optional.empty();
  }

  /** The words of a command, without the quotes around them. */
  static List<String> split(String command) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(command);
    while (word.find()) {
      String quoted = word.group(1) != null ? word.group(1) : word.group(2);
      words.add(quoted != null ? quoted : word.group(3));
    }
    return words;
  }
}
