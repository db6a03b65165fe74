package dev.helix.runtime.checkpoint;

import dev.helix.attention.cache.quantized.KvScales;
import dev.helix.runtime.checkpoint.weights.CacheScales;
import dev.helix.runtime.checkpoint.weights.RandomWeights;
import dev.helix.runtime.checkpoint.weights.RoundedMatrix;
import dev.helix.runtime.checkpoint.weights.StoredMatrix;
import dev.helix.runtime.checkpoint.weights.WeightFiles;
import dev.helix.runtime.checkpoint.weights.WeightFormat;
import dev.helix.runtime.checkpoint.weights.WeightShape;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<String, Matrix> matrices = new HashMap<>();
  private final WeightFormat weightFormat;

  /** This checkpoint, or the one whose weights it rounds. */
  private final Checkpoint stored;

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
    this.weightFormat = WeightFormat.AS_STORED;
    this.stored = this;
    try {
      family.weights(config).forEach(this::require);
      QuantizationConfig.requireModules(json, weights.names());
    } catch (InvalidInputException e) {
      weights.close();
      throw e;
    }
  }

  private void require(WeightShape weight) {
    weights.require(weight).ifPresent(matrix -> matrices.put(weight.name(), of(weight, matrix)));
  }

  private static Matrix of(WeightShape weight, StoredMatrix numbers) {
    return new Matrix(
        numbers, Math.toIntExact(weight.sizes().get(0)), Math.toIntExact(weight.sizes().get(1)));
  }

  /** A weight of two axes, and its sizes. */
  private record Matrix(StoredMatrix numbers, int rows, int columns) {
    Matrix rounded(String weight, WeightFormat format) {
      boolean projection =
          !weight.equals(LlamaNames.EMBEDDING) && !weight.endsWith(ExpertNames.ROUTER);
      return projection
          ? new Matrix(new RoundedMatrix(weight, numbers, format, rows, columns), rows, columns)
          : this;
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
    Checkpoint checkpoint =
        new Checkpoint(
            directory.toString(),
            JsonObject.read(directory.resolve(CONFIG)),
            epsilon,
            () -> WeightFiles.open(directory),
            new TokenizerFile(
                tokenizer.toString(),
                Files.exists(tokenizer),
                () -> InputFile.bytes(tokenizer, MAX_TOKENIZER_BYTES)));
    Path modelOpt = directory.resolve(QuantizationConfig.MODEL_OPT);
    try {
      if (Files.exists(modelOpt)) {
        QuantizationConfig.requireModelOpt(JsonObject.read(modelOpt), checkpoint.weights.names());
      }
      return checkpoint;
    } catch (InvalidInputException e) {
      checkpoint.close();
      throw e;
    }
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

  /**
   * The same checkpoint with the projections of attention and FFN and the head rounded to a number
   * format, before any slice is taken. Embedding, norms and routers stay as they are, and so does a
   * head that is the embedding. The files are shared: closing one of the two closes both.
   *
   * @throws InvalidInputException if the format does not fit a weight, or weights are quantised
   *     already
   */
  public Checkpoint quantized(WeightFormat format) {
    return format == WeightFormat.AS_STORED ? this : new Checkpoint(this, format);
  }

  /** The format to which projections are rounded. */
  public WeightFormat weightFormat() {
    return weightFormat;
  }

  /** The same checkpoint without rounding. The files are shared. */
  public Checkpoint asStored() {
    return stored;
  }

  private Checkpoint(Checkpoint exact, WeightFormat format) {
    this.name = exact.name;
    this.family = exact.family;
    this.config = exact.config;
    this.tokenizer = exact.tokenizer;
    this.weights = exact.weights;
    this.weightFormat = format;
    this.stored = exact;
    exact.matrices.forEach(
        (weight, matrix) -> matrices.put(weight, matrix.rounded(weight, format)));
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
    Matrix matrix = matrices.get(stored);
    if (matrix == null) {
      SafetensorsFile file = holder(stored);
      return finite(file.name(), stored, file.read(stored));
    }
    return finite(
        matrix.numbers().file(),
        stored,
        matrix.numbers().block(0, matrix.rows(), 0, matrix.columns()));
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
    String key = "%s[%d:%d,%d:%d]".formatted(stored, rowFrom, rowTo, columnFrom, columnTo);
    Matrix matrix = matrices.get(stored);
    if (matrix == null) {
      throw new IllegalArgumentException(key + ": expected a matrix of the model");
    }
    if (!isRange(rowFrom, rowTo, matrix.rows())
        || !isRange(columnFrom, columnTo, matrix.columns())) {
      throw new IllegalArgumentException(
          key + " is not within shape [%d, %d]".formatted(matrix.rows(), matrix.columns()));
    }
    StoredMatrix numbers = matrix.numbers();
    return WeightBlock.slice(
        key,
        rowTo - rowFrom,
        columnTo - columnFrom,
        () -> finite(numbers.file(), key, numbers.block(rowFrom, rowTo, columnFrom, columnTo)));
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
    return WeightBlock.slice(key, size, 1, () -> finite(file.name(), key, file.read(stored)));
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

  /**
   * Refuses the numbers of a weight if one of them is not finite.
   *
   * @param key the weight, or the part of it, that the numbers belong to
   */
  private static double[] finite(String file, String key, double[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      if (!Double.isFinite(numbers[i])) {
        throw new InvalidInputException(
            "%s: weight %s: expected finite numbers, got %s as element %d"
                .formatted(file, key, numbers[i], i));
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
