package dev.helix.tests.manual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Output as a page shows it. A line of {@code …} alone stands for any number of lines. What depends
 * on the machine is not compared: errors in the last bits, speed, and how columns are padded.
 */
final class ShownOutput {
  private static final String ANY_LINES = "…";

  private final List<String> lines;

  ShownOutput(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  /**
   * Fails unless what was printed is what is shown.
   *
   * @param place of the page that shows it, for the message
   */
  void assertPrintedAs(String printed, String place) {
    if (!lines.contains(ANY_LINES)) {
      assertEquals(withoutMachine(lines), withoutMachine(printed.lines().toList()), place);
      return;
    }
    List<String> rest = comparable(printed.lines().toList());
    boolean anywhere = false;
    for (List<String> part : parts()) {
      int at = Collections.indexOfSubList(rest, part);
      boolean found = anywhere ? at >= 0 : rest.size() >= part.size() && at == 0;
      if (!found) {
        fail(
            "%s: expected these lines:%n%s%n%nin what was printed:%n%s"
                .formatted(place, String.join("\n", part), printed));
      }
      rest = rest.subList(at + part.size(), rest.size());
      anywhere = true;
    }
    boolean endsHere = !lines.get(lines.size() - 1).equals(ANY_LINES);
    if (endsHere && !rest.isEmpty()) {
      fail(place + ": more was printed than is shown: " + rest);
    }
  }

  /** The lines between those that stand for any, the first of them empty if the block begins so. */
  private List<List<String>> parts() {
    List<List<String>> parts = new ArrayList<>();
    parts.add(new ArrayList<>());
    for (String line : lines) {
      if (line.equals(ANY_LINES)) {
        parts.add(new ArrayList<>());
      } else {
        parts.get(parts.size() - 1).add(line);
      }
    }
    return parts.stream().map(ShownOutput::comparable).toList();
  }

  private static String withoutMachine(List<String> lines) {
    return String.join("\n", comparable(lines)).strip();
  }

  private static List<String> comparable(List<String> lines) {
    return lines.stream().map(ShownOutput::withoutMachine).toList();
  }

  static String withoutMachine(String line) {
    return line.replaceAll("\\d\\.\\de[+-]\\d\\d", "N")
        .replaceAll("\\d+ (tokens|cases)/s", "N $1/s")
        .replaceAll("(round-robin \\d+|contiguous|whole) +\\d+ ", "$1 N ")
        .replaceAll(" +", " ")
        .strip();
  }
}
