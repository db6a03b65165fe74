package dev.helix.tests.manual;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Commands that stand on pages without their output, indented, are commands that there are: the
 * program takes the options, Maven has the modules and profiles.
 */
class ShownCommandsTest {
  private static final String INDENT = "    ";
  private static final Pattern MODULE = Pattern.compile("-pl (\\S+)");
  private static final Pattern PROFILE = Pattern.compile("-P(\\S+)");

  static Stream<Arguments> commands() {
    return Page.all().stream()
        .flatMap(
            page ->
                page.prose()
                    .lines()
                    .filter(line -> line.startsWith(INDENT))
                    .map(line -> Arguments.of(page, line.strip())));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandIsOneThatThereIs(Page page, String command) throws IOException {
    Optional<List<String>> arguments = CommandLineWords.ofProgram(command);
    if (arguments.isPresent()) {
      assertDoesNotThrow(
          () -> GeneratedParts.program().parseArgs(arguments.get().toArray(String[]::new)),
          () -> page + ": " + command);
    } else if (command.startsWith("mvn ")) {
      assertMavenKnows(command);
    } else {
      fail(page + ": not a command: " + command);
    }
  }

  private static void assertMavenKnows(String command) throws IOException {
    Matcher module = MODULE.matcher(command);
    Path folder = Page.ROOT;
    while (module.find()) {
      folder = Page.ROOT.resolve(module.group(1));
      assertTrue(Files.exists(folder.resolve("pom.xml")), command);
    }
    Matcher profile = PROFILE.matcher(command);
    while (profile.find()) {
      String id = "<id>" + profile.group(1) + "</id>";
      long poms = 0;
      for (Path at = folder; at.startsWith(Page.ROOT); at = at.getParent()) {
        poms += Files.readString(at.resolve("pom.xml")).contains(id) ? 1 : 0;
      }
      long inTests = Files.readString(Page.ROOT.resolve("tests/pom.xml")).contains(id) ? 1 : 0;
      assertEquals(1, Math.min(1, poms + inTests), command);
    }
  }
}
