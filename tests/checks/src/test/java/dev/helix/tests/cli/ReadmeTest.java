package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The README's examples are what the program prints, but for what depends on the machine: errors in
 * the last bits and speed.
 */
class ReadmeTest {
  private static final Path README = Path.of("..", "..", "README.md");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```console\n\\$ ([^\n]+)\n(.*?)```");
  private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  static Stream<Arguments> examples() throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(README));
    List<Arguments> examples = new ArrayList<>();
    while (example.find()) {
      examples.add(Arguments.of(example.group(1), example.group(2)));
    }
    return examples.stream();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExamplePrintsWhatTheReadmeShows(String command, String expected) {
    HelixProgram program = HelixProgram.run(arguments(command));
    assertEquals(0, program.status(), program.err());
    assertEquals(withoutMachine(expected), withoutMachine(program.out()));
  }

  @Test
  void thereAreExamples() throws IOException {
    assertTrue(examples().count() >= 2);
  }

  /** The program's arguments in one of the two ways to start it. */
  private static String[] arguments(String command) {
    if (command.equals("mvn -q compile exec:java")) {
      return new String[] {"decode"};
    }
    String jar = "java -jar " + PackedProgramTest.JAR + " ";
    assertTrue(command.startsWith(jar), command);
    Matcher argument = ARGUMENT.matcher(command.substring(jar.length()));
    List<String> arguments = new ArrayList<>();
    while (argument.find()) {
      arguments.add(argument.group(1) != null ? argument.group(1) : argument.group(2));
    }
    return arguments.toArray(String[]::new);
  }

  private static String withoutMachine(String text) {
    return text.replaceAll("\\d\\.\\de[+-]\\d\\d", "N")
        .replaceAll("\\d+ (tokens|cases)/s", "N $1/s")
        .replaceAll(" +", " ")
        .strip();
  }
}
