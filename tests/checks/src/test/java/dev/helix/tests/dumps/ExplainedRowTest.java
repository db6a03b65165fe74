package dev.helix.tests.dumps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tests.cli.HelixProgram;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code explain} shows of a row, and how dumps of another KVP are refused. */
class ExplainedRowTest {
  private static final String DUMPS =
      "../../helix-runtime/library/src/test/resources/dev/helix/runtime/dumps/";

  @Test
  void theLogSumExpsOfAnExchangeAreThoseThatWereReceived() {
    List<String> lines = explained("5-right/flashinfer-pt");
    assertTrue(lines.contains("  rank  LSE, received"), () -> String.join("\n", lines));
  }

  /** In this convention a part is scaled by its share of the whole before the sum. */
  @Test
  void whereAConventionDividesBeforeItSumsSoDoesTheLineInDouble() {
    List<String> lines =
        explained(
            "5-right/torch",
            "--convention",
            "sglang-mha",
            "--lse-base",
            "2",
            "--request",
            "2",
            "--head",
            "3");
    int heading =
        lines.indexOf(
            "  rank  weight w             output           w·output              running sum");
    double inDouble = Double.parseDouble(lines.get(heading + 1).strip().split(" +", -1)[1]);
    double inBf16 = Double.parseDouble(lines.get(heading + 2).strip().split(" +", -1)[0]);
    assertEquals(inDouble, inBf16, inDouble / 128, () -> String.join("\n", lines));
  }

  @Test
  void aRefusalAsksForTheKvpThatFits() {
    HelixProgram verify = HelixProgram.run("verify", DUMPS + "3-right/torch", "--kvp", "2");
    assertEquals(2, verify.status());
    assertEquals(
        "helix: rank 0: merged output: expected 384 numbers, got 192; is KVP 4 meant, and not 2?",
        verify.err().strip());
  }

  private static List<String> explained(String dump, String... options) {
    String[] arguments = new String[3 + options.length];
    arguments[0] = "explain";
    arguments[1] = "--dump";
    arguments[2] = DUMPS + dump;
    System.arraycopy(options, 0, arguments, 3, options.length);
    HelixProgram explain = HelixProgram.run(arguments);
    assertEquals(0, explain.status(), explain.err());
    return explain.out().lines().toList();
  }
}
