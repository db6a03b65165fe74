package dev.helix.runtime.checkpoint;

import dev.helix.attention.AttentionKind;
import dev.helix.attention.AttentionShape;
import dev.helix.runtime.checkpoint.ModelConfig.Arithmetic;
import dev.helix.runtime.checkpoint.ModelConfig.LayerShape;
import dev.helix.runtime.checkpoint.ModelConfig.Positions;
import dev.helix.runtime.checkpoint.ModelConfig.Vocabulary;
import dev.helix.runtime.checkpoint.weights.WeightShape;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Llama. It has grouped-query attention and a dense SwiGLU FFN, without biases. Mistral is the same
 * with a sliding window.
 */
final class LlamaFamily implements ModelFamily {
  private static final Map<String, DType> DTYPES =
      Map.of(
          "float64", DType.F64,
          "float32", DType.F32,
          "bfloat16", DType.BF16,
          "float16", DType.F16);

  private final String architecture;
  private final String modelType;
  private final FamilyDefaults defaults;
  private final boolean windowed;

  private LlamaFamily(
      String architecture, String modelType, FamilyDefaults defaults, boolean windowed) {
    this.architecture = architecture;
    this.modelType = modelType;
    this.defaults = defaults;
    this.windowed = windowed;
  }

  static LlamaFamily llama() {
    return new LlamaFamily("LlamaForCausalLM", "llama", FamilyDefaults.LLAMA, false);
  }

  static LlamaFamily mistral() {
    return new LlamaFamily("MistralForCausalLM", "mistral", FamilyDefaults.MISTRAL, true);
  }

  @Override
  public String architecture() {
    return architecture;
  }

  @Override
  public String modelType() {
    return modelType;
  }

  @Override
  public ModelConfig config(JsonObject json) {
    refuseWhatIsNotComputed(json, this);
    QuantizationConfig.require(json);
    LayerShape shape =
        new LayerShape(
            new AttentionKind.GroupedQuery(attention(json, defaults)),
            json.positive("intermediate_size"),
            Optional.empty());
    OptionalInt window = windowed ? defaults.slidingWindow(json) : OptionalInt.empty();
    return decoder(json, shape, window, defaults);
  }

  /** A decoder with layers of {@code shape}, made from the fields that all families read alike. */
  static ModelConfig decoder(
      JsonObject json, LayerShape shape, OptionalInt slidingWindow, FamilyDefaults defaults) {
    double epsilon = defaults.rmsNormEpsilon(json);
    return new ModelConfig(
        json.positive("num_hidden_layers"),
        shape,
        new Positions(
            RopeConfig.read(json, defaults.ropeTheta()),
            defaults.maxPositions(json),
            slidingWindow),
        vocabulary(json),
        new Arithmetic(epsilon, epsilon, activations(json)));
  }

  private static Vocabulary vocabulary(JsonObject json) {
    int size = json.positive("vocab_size");
    List<Integer> endTokens = tokens(json, "eos_token_id", size);
    List<Integer> beginTokens = tokens(json, "bos_token_id", size);
    if (beginTokens.size() > 1) {
      throw json.unexpected("bos_token_id", "one id");
    }
    return new Vocabulary(
        size,
        json.flag("tie_word_embeddings", false),
        endTokens,
        beginTokens.isEmpty() ? OptionalInt.empty() : OptionalInt.of(beginTokens.get(0)));
  }

  @Override
  public Stream<WeightShape> weights(ModelConfig config) {
    return decoder(
        config,
        layer -> Stream.concat(groupedQueryAttention(config, layer), denseFfn(config, layer)));
  }

  /**
   * The weights outside of the layers, the norms of each layer, and those that {@code layers} names
   * for it.
   */
  static Stream<WeightShape> decoder(ModelConfig config, IntFunction<Stream<WeightShape>> layers) {
    long hidden = config.attention().hidden();
    Stream<WeightShape> ends =
        Stream.of(
            WeightShape.of(LlamaNames.EMBEDDING, config.vocabularySize(), hidden),
            WeightShape.of(LlamaNames.FINAL_NORM, hidden));
    Stream<WeightShape> output =
        config.tiedEmbeddings()
            ? Stream.empty()
            : Stream.of(WeightShape.of(LlamaNames.OUTPUT, config.vocabularySize(), hidden));
    Stream<WeightShape> inside =
        IntStream.range(0, config.layers())
            .boxed()
            .flatMap(layer -> Stream.concat(norms(config, layer), layers.apply(layer)));
    return Stream.of(ends, output, inside).flatMap(part -> part);
  }

  /**
   * {@inheritDoc} If {@code tie_word_embeddings} says that embedding and output are one, a stored
   * copy of the output is not read.
   */
  @Override
  public String storedName(ModelConfig config, String tensor) {
    return tiedName(config, tensor);
  }

  static String tiedName(ModelConfig config, String tensor) {
    return config.tiedEmbeddings() && tensor.equals(LlamaNames.OUTPUT)
        ? LlamaNames.EMBEDDING
        : tensor;
  }

  private static Stream<WeightShape> norms(ModelConfig config, int layer) {
    long hidden = config.attention().hidden();
    return Stream.of(
        WeightShape.of(LlamaNames.attentionNorm(layer), hidden),
        WeightShape.of(LlamaNames.ffnNorm(layer), hidden));
  }

  static Stream<WeightShape> groupedQueryAttention(ModelConfig config, int layer) {
    AttentionShape attention = config.attention();
    long hidden = attention.hidden();
    long queries = (long) attention.queryHeads() * attention.headDim();
    long keys = (long) attention.kvHeads() * attention.headDim();
    return Stream.of(
        WeightShape.of(LlamaNames.query(layer), queries, hidden),
        WeightShape.of(LlamaNames.key(layer), keys, hidden),
        WeightShape.of(LlamaNames.value(layer), keys, hidden),
        WeightShape.of(LlamaNames.attentionOutput(layer), hidden, queries));
  }

  static Stream<WeightShape> denseFfn(ModelConfig config, int layer) {
    long hidden = config.attention().hidden();
    long inner = config.intermediateSize();
    return Stream.of(
        WeightShape.of(LlamaNames.gate(layer), inner, hidden),
        WeightShape.of(LlamaNames.up(layer), inner, hidden),
        WeightShape.of(LlamaNames.down(layer), hidden, inner));
  }

  static void refuseWhatIsNotComputed(JsonObject json, ModelFamily family) {
    if (json.has("model_type") && !family.isNamed(json.text("model_type"))) {
      throw json.unexpected("model_type", family.modelType());
    }
    if (json.has("hidden_act") && !json.text("hidden_act").equals("silu")) {
      throw json.unexpected("hidden_act", "silu");
    }
    for (String bias : List.of("attention_bias", "mlp_bias")) {
      if (json.flag(bias, false)) {
        throw json.unexpected(bias, "false");
      }
    }
  }

  static AttentionShape attention(JsonObject json, FamilyDefaults defaults) {
    int hidden = json.positive("hidden_size");
    int heads = json.positive("num_attention_heads");
    int kvHeads = defaults.kvHeads(json, heads);
    if (!json.has("head_dim") && hidden % heads != 0) {
      throw json.unexpected(
          "num_attention_heads",
          "a divisor of hidden_size (%d), as there is no head_dim".formatted(hidden));
    }
    int headDim = json.has("head_dim") ? json.positive("head_dim") : hidden / heads;
    if ((heads + 2L * kvHeads) * headDim > Integer.MAX_VALUE) {
      throw json.unexpected(
          "num_attention_heads",
          "heads of %d that with the KV heads are together at most %d wide"
              .formatted(headDim, Integer.MAX_VALUE));
    }
    return naming(json, () -> new AttentionShape(hidden, heads, kvHeads, headDim));
  }

  private static List<Integer> tokens(JsonObject json, String field, int vocabulary) {
    List<Integer> tokens = json.integers(field, 0);
    if (tokens.stream().anyMatch(token -> token >= vocabulary)) {
      throw json.unexpected(field, "ids below vocab_size (%d)".formatted(vocabulary));
    }
    return tokens;
  }

  /**
   * The number format of activations. Newer files say {@code dtype}, older ones {@code
   * torch_dtype}; a file that says neither means PyTorch's default.
   */
  private static DType activations(JsonObject json) {
    if (!json.has("dtype") && !json.has("torch_dtype")) {
      return DType.F32;
    }
    String field = json.has("dtype") ? "dtype" : "torch_dtype";
    DType dtype = DTYPES.get(json.text(field));
    if (dtype == null) {
      throw json.unexpected(field, "float64, float32, bfloat16 or float16");
    }
    return dtype;
  }

  /**
   * Adds the name of the file to the error of a value that does not know which file it came from.
   */
  static <V> V naming(JsonObject json, Supplier<V> value) {
    try {
      return value.get();
    } catch (InvalidInputException e) {
      throw new InvalidInputException(json.file() + ": " + e.getMessage(), e);
    }
  }
}
