package dev.helix.runtime.cli.laws;

import dev.helix.runtime.cli.option.Paths;
import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Option;

/** The option {@code --python}, which writes the module that asks this program from Python. */
final class PythonOption {
  static final String NAME = "--python";

  private static final String MODULE = "helix_laws.py";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      description =
          "Write the Python module whose check_merge, check_attention, check_placement and"
              + " check_routing hold a Python function against the laws, and run nothing. An"
              + " existing file is replaced.")
  private Optional<String> place;

  boolean isGiven() {
    return place.isPresent();
  }

  /**
   * Writes the module beside the file and moves it into place.
   *
   * @return a sentence that says what was written
   * @throws InvalidInputException if it cannot be written there
   */
  String write() {
    Path file = Paths.given(NAME, place.orElseThrow());
    Path partial = file.resolveSibling("." + UUID.randomUUID() + ".part");
    try (InputStream module = PythonOption.class.getResourceAsStream(MODULE)) {
      if (module == null) {
        throw new IllegalStateException(MODULE + " is not packed with the program");
      }
      try {
        Files.copy(module, partial);
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw new InvalidInputException(
          "%s: %s: expected a place where a file can be written".formatted(NAME, file), e);
    }
    return "wrote %s; it finds this program by the variable HELIX_JAR".formatted(file);
  }
}
