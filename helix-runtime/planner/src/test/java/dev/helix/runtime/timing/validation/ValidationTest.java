package dev.helix.runtime.timing.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.timing.machine.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The {@code silicon} preset states which of its promises it keeps. */
class ValidationTest {
  private static final Validation SILICON = Validation.of(Machine.named("gb200", "silicon"));

  /**
   * A third of the rows of each family, rounded up, is checked: at most one more for each table.
   */
  @Test
  void aThirdOfEachFamilyIsChecked() {
    for (Validation.Family family : SILICON.families()) {
      double third = family.rows() / 3.0;
      assertTrue(family.checked() >= third - 1 && family.checked() <= third + 3, family.toString());
    }
  }

  /** No machine that was not fitted keeps a promise, so a promise says something. */
  @Test
  void theSpeedOfLightKeepsNoPromise() {
    Validation light = Validation.of(Machine.named("gb200", "sol"));
    assertTrue(light.families().stream().noneMatch(Validation.Family::withinLimit));
  }

  /** The limits of issue 19, before anything was fitted. */
  @ParameterizedTest
  @CsvSource({
    "0.10, 'MLA, '",
    "0.10, 'GQA, '",
    "0.10, all-reduce",
    "0.10, R1",
    "0.15, NCCL",
    "0.15, expert",
    "0.20, GEMM"
  })
  void thePromisesAreThoseThatWereAskedFor(double limit, String prefix) {
    for (Validation.Family family : SILICON.families()) {
      if (family.name().startsWith(prefix)) {
        assertEquals(limit, family.limit(), family.name());
      }
    }
  }
}
