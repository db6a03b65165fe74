package dev.helix.tests.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which runs that are not verified a campaign takes for right: those out of range alone. */
class WholeRunTest {
  private static final String OUT_OF_RANGE =
      "helix: layer 0 (attention): FAILED: 640 compared, 0 beyond bound, 3 not finite; max abs NaN";

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      delimiter = '|',
      value = {
        "none",
        "helix: warning: a word is not known",
        "helix: layer 0 (attention): FAILED: 640 compared, 1 beyond bound, 3 not finite; max abs 1",
        "helix: layer 0 (attention): FAILED: 640 compared, 0 beyond bound, 0 not finite; max abs 1",
        "helix: not as defined: request 0, token 3",
        "helix: ranks 0 and 1 differ after layer 2",
        "helix: nothing was compared"
      })
  void whatIsWrongIsNotTakenForAnEndOfTheRange(String line) {
    String errors = line == null ? "" : line + "\n";
    boolean onlyWarnings = line == null || line.startsWith("helix: warning: ");
    assertEquals(
        onlyWarnings ? "not verified, and no reason is given" : line,
        WholeRun.wronglyUnverified(errors).orElse("taken for right"));
    // Beside numbers out of range it is as wrong.
    assertEquals(
        onlyWarnings ? "taken for right" : line,
        WholeRun.wronglyUnverified(OUT_OF_RANGE + "\n" + errors).orElse("taken for right"));
  }
}
