package dev.helix.tests.manual;

import java.util.List;
import java.util.Optional;

/**
 * A fenced block of a page.
 *
 * @param page its page
 * @param line of the fence that begins it, from 1
 * @param language the first word behind the fence
 * @param name of the file that the block is, if the fence has a second word
 * @param lines between the fences
 */
public record Block(
    Page page, int line, String language, Optional<String> name, List<String> lines) {
  public Block {
    lines = List.copyOf(lines);
  }

  static Block of(Page page, int line, String info, List<String> lines) {
    String[] words = info.strip().split(" +", -1);
    Optional<String> name = words.length > 1 ? Optional.of(words[1]) : Optional.empty();
    return new Block(page, line, words[0], name, lines);
  }

  /** The lines, each ended. */
  public String content() {
    return String.join("\n", lines) + "\n";
  }

  @Override
  public String toString() {
    return "%s:%d %s".formatted(page, line, lines.isEmpty() ? "" : lines.get(0));
  }
}
