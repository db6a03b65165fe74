package dev.helix.runtime.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Many faults that make the same numbers stand in short lines, kind by kind, and none is lost. */
class FaultListTest {
  @Test
  void faultsOfOneKindStandTogetherInShortLines() {
    List<String> names =
        List.of(
            "local length one token short",
            "first token missing",
            "local length of runs of 1 token",
            "local length the global one divided by 4 and rounded down",
            "local length that of the next rank",
            "softmax scale 1/√64",
            "sink");
    assertEquals(
        List.of(
            "  local length: one token short; of runs of 1 token;",
            "    the global one divided by 4 and rounded down; that of the next rank",
            "  first token missing",
            "  softmax scale 1/√64",
            "  sink"),
        FaultList.lines(names));
  }

  /** A line has at most 96 characters. */
  @Test
  void aLineIsBrokenWhereItWouldBeTooLong() {
    String two = "x".repeat(96 - "  local length: one;".length() - 1);
    assertEquals(
        List.of("  local length: one; " + two),
        FaultList.lines(List.of("local length one", "local length " + two)));
    assertEquals(
        List.of("  local length: one;", "    x" + two),
        FaultList.lines(List.of("local length one", "local length x" + two)));
  }
}
