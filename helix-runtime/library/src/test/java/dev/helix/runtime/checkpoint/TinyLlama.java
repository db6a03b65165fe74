package dev.helix.runtime.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.JsonObject;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A checkpoint of two layers, H = 4, 2 query heads and 1 KV head of 2, F = 6, V = 5, to be spoilt.
 */
final class TinyLlama {
  static final String CONFIG =
      """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4,
       "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 2,
       "intermediate_size": 6, "vocab_size": 5, "max_position_embeddings": 16, "rope_theta": 10000.0,
       "rms_norm_eps": 1e-05, "tie_word_embeddings": false, "hidden_act": "silu",
       "torch_dtype": "bfloat16", "bos_token_id": 1, "eos_token_id": 2}
      """;

  private static final JsonMapper MAPPER = new JsonMapper();

  final Map<String, List<Integer>> shapes = new LinkedHashMap<>();
  final ObjectNode config;

  TinyLlama() {
    config = read(CONFIG);
    shapes.put("model.embed_tokens.weight", List.of(5, 4));
    shapes.put("model.norm.weight", List.of(4));
    shapes.put("lm_head.weight", List.of(5, 4));
    for (int layer = 0; layer < 2; layer++) {
      String prefix = "model.layers." + layer + ".";
      shapes.put(prefix + "input_layernorm.weight", List.of(4));
      shapes.put(prefix + "self_attn.q_proj.weight", List.of(4, 4));
      shapes.put(prefix + "self_attn.k_proj.weight", List.of(2, 4));
      shapes.put(prefix + "self_attn.v_proj.weight", List.of(2, 4));
      shapes.put(prefix + "self_attn.o_proj.weight", List.of(4, 4));
      shapes.put(prefix + "post_attention_layernorm.weight", List.of(4));
      shapes.put(prefix + "mlp.gate_proj.weight", List.of(6, 4));
      shapes.put(prefix + "mlp.up_proj.weight", List.of(6, 4));
      shapes.put(prefix + "mlp.down_proj.weight", List.of(4, 6));
    }
  }

  void set(String field, String json) {
    try {
      config.set(field, MAPPER.readTree(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonObject json() {
    return JsonObject.parse("config.json", config.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Numbers that tell which tensor and place they are of. */
  static double[] numbers(String tensor, List<Integer> shape) {
    double[] numbers = new double[shape.stream().reduce(1, (a, b) -> a * b)];
    int seed = Math.floorMod(tensor.hashCode(), 1000) * 1000;
    Arrays.setAll(numbers, i -> seed + i);
    return numbers;
  }

  double[] numbers(String tensor) {
    return numbers(tensor, shapes.get(tensor));
  }

  void writeConfig(Path directory) throws IOException {
    Files.writeString(directory.resolve("config.json"), config.toString());
  }

  /** Writes the config and all weights in one file. */
  TinyLlama write(Path directory) throws IOException {
    writeConfig(directory);
    writeWeights(directory.resolve("model.safetensors"), name -> true);
    return this;
  }

  void writeWeights(Path file, Predicate<String> which) {
    SafetensorsWriter writer = new SafetensorsWriter();
    shapes.forEach(
        (name, shape) -> {
          if (which.test(name)) {
            writer.tensor(name, DType.F32, shape, numbers(name, shape));
          }
        });
    writer.write(file);
  }

  /** Writes the config, the layers in two files, and their index. */
  void writeShards(Path directory) throws IOException {
    writeConfig(directory);
    Predicate<String> inFirst = name -> name.startsWith("model.layers.0.");
    writeWeights(directory.resolve("first.safetensors"), inFirst);
    writeWeights(directory.resolve("second.safetensors"), inFirst.negate());
    Map<String, String> weightMap = new LinkedHashMap<>();
    for (String name : new ArrayList<>(shapes.keySet())) {
      weightMap.put(name, inFirst.test(name) ? "first.safetensors" : "second.safetensors");
    }
    writeIndex(directory, weightMap);
  }

  static void writeIndex(Path directory, Map<String, String> weightMap) throws IOException {
    ObjectNode index = MAPPER.createObjectNode();
    index.putObject("metadata").put("total_size", 1);
    index.set("weight_map", MAPPER.valueToTree(weightMap));
    Files.writeString(directory.resolve("model.safetensors.index.json"), index.toString());
  }

  private static ObjectNode read(String json) {
    try {
      return (ObjectNode) MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
