package dev.helix.tests.manual;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every example of the console, on every page, prints what the page shows. Those marked {@code
 * console-nightly} take minutes and are run in the profile {@code nightly} alone.
 */
class ConsoleExamplesTest {
  static final String NIGHTLY = "console-nightly";

  static Stream<Block> examples() {
    return Page.all().stream()
        .flatMap(page -> page.blocks().stream())
        .filter(
            block ->
                block.language().equals("console")
                    || (Boolean.getBoolean("helix.nightly") && block.language().equals(NIGHTLY)));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExamplePrintsWhatThePageShows(Block example, @TempDir Path folder)
      throws IOException, InterruptedException {
    new ConsoleExample(example, folder).run();
  }
}
