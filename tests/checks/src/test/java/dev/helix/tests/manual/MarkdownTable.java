package dev.helix.tests.manual;

import java.util.List;
import java.util.stream.Collectors;

/** A table in Markdown, one line for each row. */
final class MarkdownTable {
  private final StringBuilder text = new StringBuilder();

  MarkdownTable(String... heads) {
    row(heads);
    text.append("|").append("---|".repeat(heads.length)).append('\n');
  }

  /** A row; a bar in a cell does not end it. */
  void row(String... cells) {
    text.append(
        List.of(cells).stream()
            .map(cell -> cell.replace("|", "\\|"))
            .collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
