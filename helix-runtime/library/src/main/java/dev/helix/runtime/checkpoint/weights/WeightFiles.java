package dev.helix.runtime.checkpoint.weights;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import dev.helix.tensor.io.SafetensorsFile;
import java.io.Closeable;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The weights of a checkpoint in its open safetensors files: one file, or several with an index.
 */
public final class WeightFiles implements Closeable {
  public static final String SINGLE = "model.safetensors";
  public static final String INDEX = "model.safetensors.index.json";

  private final String name;
  private final List<SafetensorsFile> files;
  private final Map<String, SafetensorsFile> holders = new HashMap<>();

  /**
   * Keeps the files.
   *
   * @param name the file that says which weights there are, for messages
   */
  private WeightFiles(String name, Collection<SafetensorsFile> files) {
    this.name = name;
    this.files = List.copyOf(files);
  }

  /** The weights of a checkpoint with one file. */
  public static WeightFiles of(SafetensorsFile file) {
    WeightFiles weights = new WeightFiles(file.name(), List.of(file));
    file.names().forEach(tensor -> weights.holders.put(tensor, file));
    return weights;
  }

  /**
   * The weights in {@code directory}: those of its one file if there is one, or else those of the
   * files that its index lists.
   */
  public static WeightFiles open(Path directory) {
    Path single = directory.resolve(SINGLE);
    if (Files.exists(single)) {
      return of(SafetensorsFile.open(single));
    }
    Path index = directory.resolve(INDEX);
    if (Files.exists(index)) {
      return indexed(directory, JsonObject.read(index));
    }
    throw new InvalidInputException(
        "%s: expected %s or %s, got neither".formatted(directory, SINGLE, INDEX));
  }

  private static WeightFiles indexed(Path directory, JsonObject index) {
    JsonObject weightMap = index.object("weight_map");
    Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
    try {
      for (String tensor : weightMap.names()) {
        String shard = weightMap.text(tensor);
        if (!shards.containsKey(shard)) {
          shards.put(shard, shard(directory, weightMap, tensor));
        }
      }
      requireStoredOnce(index, shards.values());
      WeightFiles weights = new WeightFiles(index.file(), shards.values());
      for (String tensor : weightMap.names()) {
        SafetensorsFile shard = shards.get(weightMap.text(tensor));
        if (!shard.has(tensor)) {
          throw weightMap.unexpected(tensor, "a file with this tensor");
        }
        weights.holders.put(tensor, shard);
      }
      return weights;
    } catch (InvalidInputException e) {
      shards.values().forEach(SafetensorsFile::close);
      throw e;
    }
  }

  /**
   * Opens one of the files that an index lists. A name may contain no path, but links are followed,
   * because Hugging Face's cache links to files outside of the directory.
   */
  private static SafetensorsFile shard(Path directory, JsonObject weightMap, String tensor) {
    Path file;
    try {
      file = directory.resolve(weightMap.text(tensor)).normalize();
    } catch (InvalidPathException e) {
      throw weightMap.unexpected(tensor, "the name of a file");
    }
    Path home = directory.normalize();
    if (!file.startsWith(home) || file.equals(home)) {
      throw weightMap.unexpected(tensor, "a file inside the checkpoint's directory");
    }
    if (!Files.exists(file)) {
      throw weightMap.unexpected(tensor, "a file that is there");
    }
    return SafetensorsFile.open(file);
  }

  private static void requireStoredOnce(JsonObject index, Collection<SafetensorsFile> shards) {
    Map<String, String> holders = new HashMap<>();
    for (SafetensorsFile shard : shards) {
      for (String tensor : shard.names()) {
        String first = holders.putIfAbsent(tensor, shard.name());
        if (first != null) {
          throw new InvalidInputException(
              "%s: tensor %s: expected in one file, got in %s and in %s"
                  .formatted(index.file(), JsonObject.oneLine(tensor), first, shard.name()));
        }
      }
    }
  }

  /** The file that says which weights there are, for messages. */
  public String name() {
    return name;
  }

  /** The file that holds {@code tensor}, if there is one. */
  public Optional<SafetensorsFile> holder(String tensor) {
    return Optional.ofNullable(holders.get(tensor));
  }

  /**
   * Checks that a weight exists, in the shape that the model needs and a number format that can be
   * read.
   *
   * @return how the weight is stored, if it has two axes
   * @throws InvalidInputException naming file, weight, what was expected and what was found
   */
  public Optional<StoredMatrix> require(WeightShape weight) {
    if (weight.sizes().size() == 2) {
      return Optional.of(StoredForms.of(this, weight));
    }
    SafetensorsFile file = holder(weight.name()).orElseThrow(() -> missing(weight, "nothing"));
    List<Long> found = file.shape(weight.name());
    if (!found.equals(weight.sizes())) {
      throw new InvalidInputException(
          "%s: weight %s: expected shape %s, got %s"
              .formatted(file.name(), weight.name(), weight.sizes(), found));
    }
    if (file.isFloat8(weight.name())) {
      throw new InvalidInputException(
          "%s: weight %s: expected a matrix to be in FP8, got shape %s"
              .formatted(file.name(), weight.name(), found));
    }
    file.dtype(weight.name());
    return Optional.empty();
  }

  /** The names of all tensors. */
  public Set<String> names() {
    return holders.keySet();
  }

  InvalidInputException missing(WeightShape weight, Object got) {
    return new InvalidInputException(
        "%s: weight %s: expected shape %s, got %s"
            .formatted(name, weight.name(), weight.sizes(), got));
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }
}
