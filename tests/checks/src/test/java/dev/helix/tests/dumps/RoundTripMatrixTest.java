package dev.helix.tests.dumps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.tensor.faults.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The page has what becomes of each shipped fault in a dump of each convention. The night repeats
 * the whole tables, and writes them into the page with {@code -Dhelix.manual.update=true}; a build
 * repeats some cells.
 */
class RoundTripMatrixTest {
  private static final Path PAGE =
      Path.of("../../helix-runtime/program/src/site/markdown/dumps.md");
  private static final int CELLS = 4;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"recall-gqa", "recall-mla"})
  @EnabledIfSystemProperty(named = "helix.nightly", matches = "true")
  void thePageHasTheWholeTable(String model) throws IOException {
    String table;
    try (RoundTripMatrix matrix = new RoundTripMatrix(folder, model)) {
      table = matrix.table();
    }
    System.out.println(table);
    if (Boolean.getBoolean("helix.manual.update")) {
      Matcher part = part(model);
      String page = Files.readString(PAGE);
      Files.writeString(
          PAGE, page.substring(0, part.start(1)) + table + page.substring(part.end(1)));
    }
    assertEquals(table, part(model).group(1));
  }

  /** The seed of the day is that of laws, which is fixed in a build. */
  @Test
  void someCellsAreRepeated() throws IOException {
    Random random = new Random(Long.getLong("helix.laws.seed", 1));
    String[] lines = part("recall-gqa").group(1).split("\n", -1);
    try (RoundTripMatrix matrix = new RoundTripMatrix(folder, "recall-gqa")) {
      for (int i = 0; i < CELLS; i++) {
        int row = random.nextInt(RoundTripMatrix.rows().size());
        int column = random.nextInt(RoundTripMatrix.columns().size());
        Fault fault = RoundTripMatrix.rows().get(row);
        Convention convention = RoundTripMatrix.columns().get(column);
        String[] cells = lines[row + 2].split(" *\\| *", -1);
        assertEquals(fault.story().name(), cells[1]);
        assertEquals(
            cells[column + 2],
            matrix.cell(fault, convention),
            fault.story().name() + " in " + convention.origin().name());
      }
    }
  }

  @Test
  void thePageSaysWhichFaultsNoDumpShows() throws IOException {
    String page = Files.readString(PAGE);
    WithoutPlace.reasons()
        .forEach(
            (fault, reason) -> {
              String row = "| " + fault.story().name() + " | " + reason + " |";
              assertTrue(page.contains(row), row);
            });
  }

  /** What a dump cannot show is not convicted for anything else, either. */
  @Test
  @EnabledIfSystemProperty(named = "helix.nightly", matches = "true")
  void aFaultThatNoDumpShowsIsNotConvicted() throws IOException {
    try (RoundTripMatrix matrix = new RoundTripMatrix(folder, "recall-gqa")) {
      for (Fault fault : WithoutPlace.reasons().keySet()) {
        for (Convention convention : RoundTripMatrix.columns().subList(0, 2)) {
          String cell = matrix.cell(fault, convention);
          assertFalse(Set.of("named", "convicted").contains(cell), fault.story().name());
        }
      }
    }
  }

  private static Matcher part(String model) throws IOException {
    Matcher part =
        Pattern.compile("(?s)<!-- round trips: " + model + " -->\n(.*?)<!-- end -->")
            .matcher(Files.readString(PAGE));
    if (!part.find()) {
      throw new AssertionError("the page has no table of " + model);
    }
    return part;
  }
}
