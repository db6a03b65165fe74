package dev.helix.runtime.cli.option;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.LatentEpsilon;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.tensor.ControlCharacters;
import dev.helix.tensor.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds models by the names that options give. A model that comes with the program goes before a
 * directory of the same name; {@code ./name} is the directory.
 */
public final class ModelOption {
  private ModelOption() {}

  /**
   * Opens a checkpoint with its weights.
   *
   * @param epsilon which ε the norms inside latent attention take; it makes no difference for
   *     embedded models
   * @throws InvalidInputException naming the option, if the name is neither an embedded model nor a
   *     directory
   */
  public static Checkpoint checkpoint(String option, String model, LatentEpsilon epsilon) {
    return Checkpoint.embeddedNames().contains(model)
        ? Checkpoint.embedded(model)
        : Checkpoint.open(
            directory(option, model, "an embedded model (%s)".formatted(embeddedNames())), epsilon);
  }

  /**
   * The shape of a known model, or of the {@code config.json} in a directory.
   *
   * @throws InvalidInputException naming the option, if it is neither
   */
  public static ModelShape shape(String option, String model) {
    if (ModelShape.NAMES.contains(model) || Checkpoint.embeddedNames().contains(model)) {
      return ModelShape.of(model);
    }
    String known = "one of %s, %s".formatted(String.join(", ", ModelShape.NAMES), embeddedNames());
    return ModelShape.in(directory(option, model, known));
  }

  private static Path directory(String option, String model, String otherwise) {
    // The name is printed in titles and in messages.
    if (ControlCharacters.in(model)) {
      throw new InvalidInputException(
          "%s: expected a name without control characters, got '%s'".formatted(option, model));
    }
    Path directory = Paths.given(option, model);
    if (!Files.isDirectory(directory)) {
      throw new InvalidInputException(
          "%s: '%s' is neither %s nor a directory".formatted(option, model, otherwise));
    }
    return directory;
  }

  private static String embeddedNames() {
    return String.join(", ", Checkpoint.embeddedNames());
  }
}
