package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One run of the program inside this JVM.
 *
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record HelixProgram(int status, String out, String err) {
  static {
    // As the program itself does at its start, so that numbers have points everywhere.
    Locale.setDefault(Locale.ROOT);
  }

  /** Runs the program to its end. */
  public static HelixProgram run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            arguments);
    return new HelixProgram(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs the words of a command, and behind them a path, which may have spaces. */
  public static HelixProgram run(String words, Path path) {
    return run(
        Stream.concat(Stream.of(words.split(" ", -1)), Stream.of(path.toString()))
            .toArray(String[]::new));
  }

  /** One line that has these words, the status for bad input, and no class of the program's. */
  public void assertRefused(String words) {
    assertEquals(2, status, err);
    assertEquals(1, err.lines().count(), err);
    assertTrue(err.startsWith("helix: "), err);
    assertTrue(err.contains(words), err);
    assertFalse(err.contains("Exception"), err);
  }
}
