package dev.helix.runtime.cli.option;

import dev.helix.tensor.ControlCharacters;
import dev.helix.tensor.InvalidInputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads paths that were given on the command line. */
public final class Paths {
  private Paths() {}

  /**
   * The path that an option names.
   *
   * @throws InvalidInputException if it is empty, has control characters, which would be printed
   *     wherever it is named, or is not a path in the encoding of this machine
   */
  public static Path given(String option, String path) {
    if (path.isBlank()) {
      throw new InvalidInputException(option + ": expected a path, got an empty one");
    }
    if (ControlCharacters.in(path)) {
      throw new InvalidInputException(
          "%s: expected a path without control characters, got '%s'".formatted(option, path));
    }
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw new InvalidInputException(
          "%s: expected a path in this machine's encoding, got '%s'".formatted(option, path), e);
    }
  }
}
