package dev.helix.runtime.checkpoint;

import dev.helix.attention.cache.quantized.KvScales;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.io.InputFile;
import dev.helix.tensor.io.JsonObject;
import dev.helix.tensor.io.SafetensorsFile;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A model as Hugging Face stores it: {@code config.json}, weights in safetensors, {@code
 * tokenizer.json}.
 *
 * <p>Opening checks that every weight that the model needs is there, in its shape and in a number
 * format that can be read. Weights that the model does not need are ignored. Numbers are read when
 * they are asked for. Threads may read at the same time.
 */
public final class Checkpoint implements WeightSource, Closeable {
  private static final String CONFIG = "config.json";
  private static final String TOKENIZER = "tokenizer.json";
  private static final long MAX_TOKENIZER_BYTES = 500_000_000;

  private final String name;
  private final ModelFamily family;
  private final ModelConfig config;
  private final WeightFiles weights;
  private final TokenizerFile tokenizer;

  private Checkpoint(
      String name,
      JsonObject json,
      LatentEpsilon epsilon,
      Supplier<WeightFiles> files,
      TokenizerFile tokenizer) {
    this.name = name;
    this.family = ModelFamily.of(json);
    this.config = epsilon.of(family.config(json));
    this.tokenizer = tokenizer;
    this.weights = files.get();
    try {
      family.weights(config).forEach(weights::require);
    } catch (InvalidInputException e) {
      weights.close();
      throw e;
    }
  }

  /**
   * The file {@code tokenizer.json}.
   *
   * @param name what messages call it
   * @param there whether there is such a file
   * @param json reads its text
   */
  private record TokenizerFile(String name, boolean there, Supplier<byte[]> json) {}

  /**
   * Opens the checkpoint in {@code directory}.
   *
   * @throws InvalidInputException naming the file and the fault
   */
  public static Checkpoint open(Path directory) {
    return open(directory, LatentEpsilon.REFERENCE);
  }

  /**
   * Opens the checkpoint in {@code directory}, with another ε for the norms inside latent
   * attention. A model without latent attention has no such norms.
   *
   * @throws InvalidInputException naming the file and the fault
   */
  public static Checkpoint open(Path directory, LatentEpsilon epsilon) {
    if (!Files.isDirectory(directory)) {
      throw new InvalidInputException(
          "%s: expected a directory with %s, %s and %s, got %s"
              .formatted(
                  directory,
                  CONFIG,
                  WeightFiles.SINGLE,
                  TOKENIZER,
                  Files.exists(directory) ? "a file" : "nothing"));
    }
    Path tokenizer = directory.resolve(TOKENIZER);
    return new Checkpoint(
        directory.toString(),
        JsonObject.read(directory.resolve(CONFIG)),
        epsilon,
        () -> WeightFiles.open(directory),
        new TokenizerFile(
            tokenizer.toString(),
            Files.exists(tokenizer),
            () -> InputFile.bytes(tokenizer, MAX_TOKENIZER_BYTES)));
  }

  /**
   * Opens a checkpoint that comes with the program.
   *
   * @throws InvalidInputException if there is none with that name
   */
  public static Checkpoint embedded(String name) {
    EmbeddedModel model = new EmbeddedModel(name);
    return new Checkpoint(
        name,
        JsonObject.parse(model.label(CONFIG), model.bytes(CONFIG)),
        LatentEpsilon.REFERENCE,
        () ->
            WeightFiles.of(
                SafetensorsFile.of(
                    model.label(WeightFiles.SINGLE),
                    ByteBuffer.wrap(model.bytes(WeightFiles.SINGLE)))),
        new TokenizerFile(model.label(TOKENIZER), true, () -> model.bytes(TOKENIZER)));
  }

  /**
   * Makes a checkpoint of random weights in memory, for a model that a configuration describes. It
   * has scales for its KV cache, and no tokenizer.
   *
   * @param name what messages call it
   * @param json the text of its {@code config.json}
   * @param seed the same seed gives the same weights
   * @throws InvalidInputException naming a field that is wrong
   */
  public static Checkpoint random(String name, String json, long seed) {
    JsonObject fields =
        JsonObject.parse(name + "/" + CONFIG, json.getBytes(StandardCharsets.UTF_8));
    ModelFamily family = ModelFamily.of(fields);
    return new Checkpoint(
        name,
        fields,
        LatentEpsilon.REFERENCE,
        () ->
            WeightFiles.of(
                RandomWeights.of(
                    name + "/" + WeightFiles.SINGLE, randomWeights(family, fields), seed)),
        new TokenizerFile(
            name + "/" + TOKENIZER,
            false,
            () -> {
              throw new InvalidInputException(name + ": no " + TOKENIZER);
            }));
  }

  /** What a model needs, and the scales of its cache. */
  private static Stream<WeightShape> randomWeights(ModelFamily family, JsonObject fields) {
    ModelConfig config = family.config(fields);
    return Stream.concat(family.weights(config), CacheScales.shapes(config.layers()));
  }

  /** The names that {@link #embedded} knows. */
  public static List<String> embeddedNames() {
    return EmbeddedModel.NAMES;
  }

  /** The directory, or the name of an embedded checkpoint. */
  public String name() {
    return name;
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  /** The name of the checkpoint's {@code tokenizer.json} in messages. */
  public String tokenizerName() {
    return tokenizer.name();
  }

  /** Whether there is a {@code tokenizer.json}. Token ids can be decoded without one. */
  public boolean hasTokenizer() {
    return tokenizer.there();
  }

  /**
   * The text of the checkpoint's {@code tokenizer.json}, which each call reads anew. This library
   * does not use it, because decoding works on token ids.
   *
   * @throws InvalidInputException if the file is missing or cannot be read
   */
  public byte[] tokenizerJson() {
    return tokenizer.json().get();
  }

  /** The number format in which a weight is stored. */
  public DType dtype(String tensor) {
    String stored = family.storedName(config, tensor);
    return holder(stored).dtype(stored);
  }

  /** All numbers of a weight, row-major. */
  public double[] read(String tensor) {
    String stored = family.storedName(config, tensor);
    SafetensorsFile file = holder(stored);
    if (!file.isFloat8(stored)) {
      return finite(file, stored, file.read(stored));
    }
    List<Long> shape = file.shape(stored);
    int rows = Math.toIntExact(shape.get(0));
    int columns = Math.toIntExact(shape.get(1));
    return finite(file, stored, block(file, stored, 0, rows, 0, columns));
  }

  /**
   * The constant scales of a layer's KV cache, for formats that have them; 1 where the checkpoint
   * has none.
   *
   * @throws InvalidInputException naming file and scale, if a scale is not a positive finite number
   */
  public KvScales kvScales(int layer) {
    return CacheScales.of(weights, layer, config.attention().kvHeads());
  }

  @Override
  public WeightSlice slice(String tensor, int rowFrom, int rowTo, int columnFrom, int columnTo) {
    String stored = family.storedName(config, tensor);
    SafetensorsFile file = holder(stored);
    String key = "%s[%d:%d,%d:%d]".formatted(stored, rowFrom, rowTo, columnFrom, columnTo);
    List<Long> shape = file.shape(stored);
    if (shape.size() != 2
        || !isRange(rowFrom, rowTo, shape.get(0))
        || !isRange(columnFrom, columnTo, shape.get(1))) {
      throw new IllegalArgumentException(key + " is not within shape " + shape);
    }
    return WeightBlock.slice(
        key,
        rowTo - rowFrom,
        columnTo - columnFrom,
        () -> finite(file, key, block(file, stored, rowFrom, rowTo, columnFrom, columnTo)));
  }

  @Override
  public WeightSlice vector(String tensor, int size) {
    String stored = family.storedName(config, tensor);
    SafetensorsFile file = holder(stored);
    List<Long> shape = file.shape(stored);
    if (!shape.equals(List.of((long) size))) {
      throw new IllegalArgumentException(
          "%s: expected one axis of %d, got shape %s".formatted(stored, size, shape));
    }
    String key = "%s[0:%d]".formatted(stored, size);
    return WeightBlock.slice(key, size, 1, () -> finite(file, key, file.read(stored)));
  }

  /**
   * Stacks slices of one checkpoint, the rows of one slice below those of the other, as a fused
   * projection has them.
   *
   * @throws IllegalArgumentException if there are no slices, or their numbers of columns differ
   */
  public static WeightSlice stack(List<WeightSlice> slices) {
    return WeightBlock.stack(slices);
  }

  /** Adds {@code extraRows} rows of zeros below a slice of a checkpoint. */
  public static WeightSlice padRows(WeightSlice slice, int extraRows) {
    return WeightBlock.padRows(slice, extraRows);
  }

  @Override
  public void close() {
    weights.close();
  }

  /** A block of a weight of two axes, with its scales applied if it is stored in FP8. */
  private double[] block(
      SafetensorsFile file, String stored, int rowFrom, int rowTo, int columnFrom, int columnTo) {
    return file.isFloat8(stored)
        ? BlockScales.read(
            file, holder(BlockScales.name(stored)), stored, rowFrom, rowTo, columnFrom, columnTo)
        : file.read(stored, rowFrom, rowTo, columnFrom, columnTo);
  }

  /**
   * Refuses the numbers of a weight if one of them is not finite.
   *
   * @param key the weight, or the part of it, that the numbers belong to
   */
  private static double[] finite(SafetensorsFile file, String key, double[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      if (!Double.isFinite(numbers[i])) {
        throw new InvalidInputException(
            "%s: weight %s: expected finite numbers, got %s as element %d"
                .formatted(file.name(), key, numbers[i], i));
      }
    }
    return numbers;
  }

  private SafetensorsFile holder(String stored) {
    return weights
        .holder(stored)
        .orElseThrow(
            () -> new InvalidInputException("%s: no weight %s".formatted(weights.name(), stored)));
  }

  private static boolean isRange(int from, int to, long size) {
    return WeightSource.isRange(from, to) && to <= size;
  }
}
