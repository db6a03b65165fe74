package dev.helix.tests.damage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A file of a model that is damaged in one to four places. A seed always makes the same. */
final class DamagedFile {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<ModelFiles> MODELS = ModelFiles.all();
  private static final List<JsonNode> TOKENIZERS = tokenizers();

  /** What configurations of other models say besides. */
  private static final List<String> FURTHER_FIELDS =
      List.of(
          "{\"rope_scaling\":{\"type\":\"yarn\",\"factor\":40,\"beta_fast\":32,\"beta_slow\":1,"
              + "\"mscale\":1.0,\"mscale_all_dim\":1.0,\"original_max_position_embeddings\":4096}}",
          "{\"rope_scaling\":{\"rope_type\":\"llama3\",\"factor\":8.0,\"low_freq_factor\":1.0,"
              + "\"high_freq_factor\":4.0,\"original_max_position_embeddings\":8192}}",
          "{\"rope_parameters\":{\"rope_type\":\"default\",\"rope_theta\":10000.0}}",
          "{\"architectures\":[\"MistralForCausalLM\"],\"model_type\":\"mistral\","
              + "\"sliding_window\":8}",
          "{\"architectures\":[\"MixtralForCausalLM\"],\"model_type\":\"mixtral\","
              + "\"num_local_experts\":8,\"num_experts_per_tok\":2}",
          "{\"tie_word_embeddings\":true,\"eos_token_id\":[0,1]}",
          "{\"partial_rotary_factor\":1,\"attention_bias\":false,\"moe_layer_freq\":1}");

  private final int model;
  private final String name;
  private final byte[] bytes;

  private DamagedFile(int model, String name, byte[] bytes) {
    this.model = model;
    this.name = name;
    this.bytes = bytes;
  }

  static DamagedFile of(long seed) {
    return of(new SplittableRandom(seed));
  }

  static DamagedFile of(SplittableRandom random) {
    int model = random.nextInt(MODELS.size());
    int kind = random.nextInt(20);
    if (kind < 6) {
      return tokenizer(model, random);
    }
    if (kind < 12) {
      return config(model, random);
    }
    ModelFiles files = MODELS.get(model);
    if (kind < 15 && files.has(ModelFiles.INDEX)) {
      byte[] index = files.bytes(ModelFiles.INDEX);
      return new DamagedFile(model, ModelFiles.INDEX, json(tree(index), random));
    }
    List<String> weights =
        files.files().keySet().stream().filter(name -> name.endsWith(".safetensors")).toList();
    String name = weights.get(random.nextInt(weights.size()));
    return new DamagedFile(model, name, weights(files.bytes(name), random));
  }

  /** The place in {@link ModelFiles#all} of the model that the file belongs to. */
  int model() {
    return model;
  }

  /** The name of the file in the model's folder. */
  String name() {
    return name;
  }

  byte[] bytes() {
    return bytes;
  }

  /** The undamaged model around the file. */
  ModelFiles files() {
    return MODELS.get(model);
  }

  private static DamagedFile tokenizer(int model, SplittableRandom random) {
    byte[] own = MODELS.get(model).bytes(ModelFiles.TOKENIZER);
    int kind = random.nextInt(TOKENIZERS.size() + 2);
    JsonNode tree = kind < TOKENIZERS.size() ? TOKENIZERS.get(kind) : tree(own);
    return new DamagedFile(model, ModelFiles.TOKENIZER, json(tree, random));
  }

  private static DamagedFile config(int model, SplittableRandom random) {
    ObjectNode tree = (ObjectNode) tree(MODELS.get(model).bytes(ModelFiles.CONFIG));
    int further = random.nextInt(2 * FURTHER_FIELDS.size());
    if (further < FURTHER_FIELDS.size()) {
      byte[] fields = FURTHER_FIELDS.get(further).getBytes(StandardCharsets.UTF_8);
      tree.setAll((ObjectNode) tree(fields));
    }
    return new DamagedFile(model, ModelFiles.CONFIG, json(tree, random));
  }

  private static byte[] json(JsonNode tree, SplittableRandom random) {
    if (random.nextInt(5) == 0) {
      byte[] text = tree.toString().getBytes(StandardCharsets.UTF_8);
      return new ByteDamage(random).of(text, text.length);
    }
    byte[] damaged = new JsonDamage(random).of(tree).getBytes(StandardCharsets.UTF_8);
    return random.nextInt(10) == 0 ? new ByteDamage(random).of(damaged, damaged.length) : damaged;
  }

  private static byte[] weights(byte[] file, SplittableRandom random) {
    int headerBytes =
        Math.toIntExact(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong());
    int dataStart = Long.BYTES + headerBytes;
    switch (random.nextInt(8)) {
      case 0 -> {
        return new ByteDamage(random).of(file, random.nextBoolean() ? Long.BYTES : dataStart);
      }
      case 1 -> {
        return new ByteDamage(random).of(file, file.length);
      }
      case 2 -> {
        byte[] copy = file.clone();
        long length = random.nextBoolean() ? random.nextLong() : random.nextLong(2L * file.length);
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        return copy;
      }
      default -> {
        byte[] data = Arrays.copyOfRange(file, dataStart, file.length);
        JsonNode header = tree(Arrays.copyOfRange(file, Long.BYTES, dataStart));
        return ModelFiles.safetensors(new JsonDamage(random).of(header), data);
      }
    }
  }

  private static List<JsonNode> tokenizers() {
    try (InputStream in = DamagedFile.class.getResourceAsStream("tokenizers.json")) {
      List<JsonNode> trees = new ArrayList<>();
      MAPPER.readTree(in).elements().forEachRemaining(trees::add);
      return trees;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode tree(byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
