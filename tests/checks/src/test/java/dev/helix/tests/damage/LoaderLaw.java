package dev.helix.tests.damage;

import dev.helix.tensor.InvalidInputException;
import java.util.Optional;

/**
 * How the loader has to take a damaged file: as if it were whole, or with a refusal of its own, in
 * one line of bounded length that names a file of the model.
 */
final class LoaderLaw {
  /** Characters of a message, the path of the model's folder not counted. */
  static final int MAX_CHARS = 700;

  private LoaderLaw() {}

  /** What a reading did that it may not; nothing if it kept the law. */
  static Optional<String> broken(String folder, Runnable reading) {
    try {
      reading.run();
      return Optional.empty();
    } catch (InvalidInputException e) {
      return brokenBy(folder, e.getMessage());
    } catch (StackOverflowError | OutOfMemoryError | RuntimeException | AssertionError e) {
      StackTraceElement[] trace = e.getStackTrace();
      String place = trace.length == 0 ? "" : " at " + trace[0];
      return Optional.of(shown("foreign: " + e + place));
    }
  }

  /** What is wrong with the words of a refusal. */
  static Optional<String> brokenBy(String folder, String message) {
    if (message.codePoints().anyMatch(LoaderLaw::breaksLines)) {
      return Optional.of(shown("more than one line: " + message));
    }
    int chars = message.replace(folder, "").length();
    if (chars > MAX_CHARS) {
      return Optional.of(shown("a message of %d characters: %s".formatted(chars, message)));
    }
    boolean named = message.contains(folder) || message.contains(".json");
    return named ? Optional.empty() : Optional.of(shown("names no file: " + message));
  }

  private static boolean breaksLines(int character) {
    int type = Character.getType(character);
    return type == Character.CONTROL
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  /** On one line of a length that can be read. */
  private static String shown(String fault) {
    String line = fault.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
    return line.length() <= 400 ? line : line.substring(0, 400) + "…";
  }
}
