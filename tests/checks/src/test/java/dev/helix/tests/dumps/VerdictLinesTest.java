package dev.helix.tests.dumps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tests.cli.HelixProgram;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the program says of the dumps that PyTorch has written, beside the verdicts. */
class VerdictLinesTest {
  private static final String DUMPS =
      "../../helix-runtime/library/src/test/resources/dev/helix/runtime/dumps/";

  /** The merge of this dump is wrong, but its files have only what was exchanged. */
  @Test
  void theLastLineCountsTheStagesThatCouldBeChecked() {
    HelixProgram verify = HelixProgram.run("verify", DUMPS + "4-read-base-e/flashinfer-pt");
    assertEquals(0, verify.status(), verify.err());
    assertEquals(
        "right in the 1 of 6 stages that could be checked (exchange): rounding explains every"
            + " number there",
        last(verify));
  }

  @Test
  void theLastLineCountsOnlyStagesThatWereAskedFor() {
    HelixProgram verify =
        HelixProgram.run(
            "verify", DUMPS + "3-right/torch", "--run-length", "16", "--stages", "ownership");
    assertEquals(0, verify.status(), verify.err());
    assertEquals("right: rounding explains every number that was checked", last(verify));
  }

  /** The convention has pairs in base e; the dump has LSEs in base 2. */
  @Test
  void whatContradictsTheConventionIsTold() {
    HelixProgram verify =
        HelixProgram.run(
            "verify", DUMPS + "5-right/torch", "--convention", "trtllm-helix", "--lse-base", "2");
    assertTrue(
        verify
            .out()
            .contains(
                "LSEs are in base 2, as is given, and not in base e, as trtllm-helix has them"),
        verify.out());
    assertTrue(
        verify.out().contains("one LSE for each row, and not the (max, sum) of trtllm-helix"),
        verify.out());
  }

  private static String last(HelixProgram verify) {
    List<String> lines = verify.out().lines().toList();
    return lines.get(lines.size() - 1);
  }
}
