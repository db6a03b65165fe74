package dev.helix.runtime.checkpoint;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model given by its {@code config.json} alone, without weights. So it can have sizes that no
 * checkpoint of this program has.
 */
public final class ModelShape {
  /** The names of the configurations inside the program. */
  public static final List<String> NAMES = List.of("llama-405b", "deepseek-r1");

  private static final String CONFIG = "config.json";
  private static final String ROOT = "/dev/helix/runtime/shapes/";

  private final String name;
  private final ModelFamily family;
  private final ModelConfig config;

  private ModelShape(String name, JsonObject json) {
    this.name = name;
    this.family = ModelFamily.of(json);
    this.config = family.config(json);
  }

  /**
   * The configuration of a model that the program contains, with or without weights.
   *
   * @param model one of {@link #NAMES} or of {@link Checkpoint#embeddedNames}
   * @throws InvalidInputException if there is none with that name
   */
  public static ModelShape of(String model) {
    if (NAMES.contains(model)) {
      return new ModelShape(model, JsonObject.parse(model + "/" + CONFIG, resource(model)));
    }
    if (EmbeddedModel.NAMES.contains(model)) {
      EmbeddedModel embedded = new EmbeddedModel(model);
      return new ModelShape(
          model, JsonObject.parse(embedded.label(CONFIG), embedded.bytes(CONFIG)));
    }
    throw new InvalidInputException(
        "model %s: expected one of %s"
            .formatted(
                model,
                String.join(
                    ", ", Stream.concat(NAMES.stream(), EmbeddedModel.NAMES.stream()).toList())));
  }

  /**
   * The configuration in a directory.
   *
   * @throws InvalidInputException naming the file and the fault
   */
  public static ModelShape in(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new InvalidInputException(
          "model %s: expected a directory with %s".formatted(directory, CONFIG));
    }
    return new ModelShape(directory.toString(), JsonObject.read(directory.resolve(CONFIG)));
  }

  public String name() {
    return name;
  }

  public ModelConfig config() {
    return config;
  }

  /** Number of elements of all weights that a token passes through, and of the router's bias. */
  public long parameters() {
    return family
        .weights(config)
        .mapToLong(weight -> weight.sizes().stream().reduce(1L, Math::multiplyExact))
        .reduce(0L, Math::addExact);
  }

  private static byte[] resource(String model) {
    String resource = ROOT + model + "/" + CONFIG;
    try (InputStream in = ModelShape.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the program was built without " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + resource, e);
    }
  }
}
