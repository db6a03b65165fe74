package dev.helix.tests.manual;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.AssertionFailedError;

/** An excerpt is held to what was printed, wherever its lines are missing. */
class ShownOutputTest {
  private static final String PRINTED = "one\ntwo  2\nthree 3.1e-13\nfour, 120 tokens/s\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one\ntwo 2\nthree 9.9e-14\nfour, 7 tokens/s",
        "one\n…",
        "…\ntwo 2\n…",
        "…\ntwo 2\nthree 1.0e-13\n…\nfour, 7 tokens/s",
        "one\n…\nfour, 7 tokens/s",
      })
  void whatWasPrintedIsAccepted(String shown) {
    shown(shown).assertPrintedAs(PRINTED, "here");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one\ntwo 2\nthree 9.9e-14",
        "two 2\n…",
        "…\ntwo 3\n…",
        "…\ntwo 2\nfour, 7 tokens/s",
        "…\nthree 9.9e-14\n…\ntwo 2\n…",
        "one\n…\nthree 9.9e-14",
        "…\nfour, 7 tokens/s\n…\nfive\n…",
      })
  void whatWasNotPrintedSoIsRefused(String shown) {
    assertThrows(AssertionFailedError.class, () -> shown(shown).assertPrintedAs(PRINTED, "here"));
  }

  @Test
  void speedIsNotComparedAndDigestsAre() {
    String row = "8 4 2 8 1 contiguous 85 abc";
    shown("8 4 2 8 1 contiguous 9 abc").assertPrintedAs(row, "here");
    assertThrows(
        AssertionFailedError.class,
        () -> shown("8 4 2 8 1 contiguous 85 abd").assertPrintedAs(row, "here"));
  }

  private static ShownOutput shown(String text) {
    return new ShownOutput(List.of(text.split("\n")));
  }
}
