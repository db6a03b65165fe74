package dev.helix.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The manual's table of what a family means by a field that a config leaves out. */
class FamilyDefaultsPageTest {
  private static final Path PAGE = Path.of("..", "program", "src/site/markdown/checkpoints.md");

  /** In the order of the table's columns. */
  private static final List<FamilyDefaults> FAMILIES =
      List.of(
          FamilyDefaults.LLAMA,
          FamilyDefaults.MISTRAL,
          FamilyDefaults.MIXTRAL,
          FamilyDefaults.DEEPSEEK_V2,
          FamilyDefaults.DEEPSEEK_V3);

  private static final double NONE = -1;

  @Test
  void theManualHasTheDefaultsOfEveryFamily() throws IOException {
    assertListed("num_key_value_heads", defaults -> orNone(defaults.kvHeads()));
    assertListed("max_position_embeddings", FamilyDefaults::maxPositions);
    assertListed("rms_norm_eps", FamilyDefaults::rmsNormEpsilon);
    assertListed("rope_theta", FamilyDefaults::ropeTheta);
    assertListed("sliding_window", defaults -> orNone(defaults.slidingWindow()));
  }

  private static void assertListed(String field, ToDoubleFunction<FamilyDefaults> value)
      throws IOException {
    String row =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("| `" + field + "` |"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("the page has no row of " + field));
    List<Double> listed =
        Arrays.stream(row.split("\\|", -1))
            .skip(2)
            .limit(FAMILIES.size())
            .map(cell -> cell.isBlank() ? NONE : Double.parseDouble(cell.strip()))
            .toList();
    assertEquals(FAMILIES.stream().map(value::applyAsDouble).toList(), listed, field);
  }

  private static double orNone(OptionalInt value) {
    return value.isPresent() ? value.getAsInt() : NONE;
  }
}
