package dev.helix.tests.manual;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The README is for the first ten minutes. */
class ReadmeTest {
  private static final int MOST_LINES = 200;

  @Test
  void theReadmeIsShort() {
    long lines = Page.readme().text().lines().count();
    assertTrue(lines <= MOST_LINES, () -> "%d lines, at most %d".formatted(lines, MOST_LINES));
  }

  @Test
  void theReadmeShowsWhatItsFirstCommandPrints() {
    assertTrue(
        Page.readme().blocks().stream()
            .anyMatch(b -> b.language().equals("console") && b.content().startsWith("$ mvn ")));
  }
}
