package dev.helix.tests.manual;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every block of every page is a picture, or a test holds it. */
class PageBlocksTest {
  /** The tests in this package that hold all blocks of a language, on whatever page. */
  private static final Map<String, Class<?>> EVERYWHERE =
      Map.of(
          "console",
          ConsoleExamplesTest.class,
          ConsoleExamplesTest.NIGHTLY,
          ConsoleExamplesTest.class);

  private static final String ARRAYS =
      "helix-attention/src/test/java/dev/helix/attention/nd4j/ManualPageTest.java";
  private static final String MERGE =
      "tests/checks/src/test/java/dev/helix/tests/laws/merge/MergePageTest.java";

  private static final String PYTHON =
      "tests/checks/src/test/java/dev/helix/tests/laws/foreign/PythonModuleTest.java";

  /** Tests that hold blocks of one page, from the root of the repository. */
  private static final Map<String, String> OF_A_PAGE =
      Map.of(
          "nd4j.md java", ARRAYS,
          "nd4j.md text", ARRAYS,
          "test-your-merge.md java", MERGE,
          "test-your-merge.md properties", MERGE,
          "test-your-merge.md text", MERGE,
          "test-your-merge.md xml", MERGE,
          "test-your-python.md python", PYTHON);

  static Stream<Block> blocks() {
    return Page.all().stream().flatMap(page -> page.blocks().stream());
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void everyBlockIsAPictureOrATestHoldsIt(Block block) throws IOException {
    boolean picture = block.language().isEmpty();
    if (picture || EVERYWHERE.containsKey(block.language()) || isUsedByAnExample(block)) {
      return;
    }
    String name = block.page().file().getFileName().toString();
    String test = OF_A_PAGE.get(name + " " + block.language());
    assertTrue(test != null, "no test holds " + block);
    assertTrue(Files.readString(Page.ROOT.resolve(test)).contains(name), test + ": " + block);
  }

  /** A file of the page that a command of the page names. */
  private static boolean isUsedByAnExample(Block block) {
    return block.page().blocks().stream()
        .filter(other -> EVERYWHERE.containsKey(other.language()))
        .anyMatch(example -> block.name().map(example.content()::contains).orElse(false));
  }
}
