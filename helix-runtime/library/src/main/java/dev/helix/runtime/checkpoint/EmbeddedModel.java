package dev.helix.runtime.checkpoint;

import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** A checkpoint inside the program. */
record EmbeddedModel(String name) {
  static final List<String> NAMES = List.of("recall-gqa", "recall-mla");

  private static final String ROOT = "/dev/helix/runtime/models/";

  EmbeddedModel {
    if (!NAMES.contains(name)) {
      throw new InvalidInputException(
          "model %s: expected one of %s".formatted(name, String.join(", ", NAMES)));
    }
  }

  /** The name of {@code file} in messages. */
  String label(String file) {
    return name + "/" + file;
  }

  byte[] bytes(String file) {
    String resource = ROOT + name + "/" + file;
    try (InputStream in = EmbeddedModel.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the program was built without " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + resource, e);
    }
  }
}
