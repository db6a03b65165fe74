package dev.helix.runtime.cli;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.tensor.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Models of which the shape is enough, as options name them. */
final class ModelOption {
  private ModelOption() {}

  /**
   * The shape of a known model, or of the {@code config.json} in a directory.
   *
   * @throws InvalidInputException naming the option, if it is neither
   */
  static ModelShape shape(String option, String model) {
    if (ModelShape.NAMES.contains(model) || Checkpoint.embeddedNames().contains(model)) {
      return ModelShape.of(model);
    }
    Path directory = Paths.given(option, model);
    if (!Files.isDirectory(directory)) {
      throw new InvalidInputException(
          "%s: '%s' is neither one of %s, %s nor a directory"
              .formatted(
                  option,
                  model,
                  String.join(", ", ModelShape.NAMES),
                  String.join(", ", Checkpoint.embeddedNames())));
    }
    return ModelShape.in(directory);
  }
}
