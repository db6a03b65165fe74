package dev.helix.tests.experts;

import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A small checkpoint of random weights in a directory, of any family. */
final class RandomModel {
  static final int HIDDEN = 12;
  static final int HEADS = 4;
  static final int VOCABULARY = 13;
  static final int LAYERS = 2;

  /** Divisible by 1, 2 and 4, the widths that four heads allow. */
  static final int INTERMEDIATE = 8;

  private final Map<String, Object> config = new LinkedHashMap<>();
  private final Map<String, double[]> tensors = new LinkedHashMap<>();
  private final Map<String, List<Integer>> shapes = new LinkedHashMap<>();
  private final SplittableRandom random;
  private int latent = 6;
  private int rope = 4;

  RandomModel(long seed) {
    random = new SplittableRandom(seed);
    config.put("hidden_size", HIDDEN);
    config.put("num_hidden_layers", LAYERS);
    config.put("num_attention_heads", HEADS);
    config.put("intermediate_size", INTERMEDIATE);
    config.put("vocab_size", VOCABULARY);
    config.put("max_position_embeddings", 128);
    config.put("rope_theta", 100.0);
    config.put("rms_norm_eps", 1e-6);
    config.put("torch_dtype", "float64");
    gaussian("model.embed_tokens.weight", VOCABULARY, HIDDEN);
    gaussian("lm_head.weight", VOCABULARY, HIDDEN);
    norm("model.norm.weight", HIDDEN);
    for (int layer = 0; layer < LAYERS; layer++) {
      norm("model.layers." + layer + ".input_layernorm.weight", HIDDEN);
      norm("model.layers." + layer + ".post_attention_layernorm.weight", HIDDEN);
    }
  }

  /** Llama's attention with 2 KV heads and experts behind a softmax router. */
  static RandomModel mixtral(long seed, int experts, int topK) {
    RandomModel model = new RandomModel(seed);
    model.set("architectures", List.of("MixtralForCausalLM"));
    model.set("num_key_value_heads", 2);
    model.set("head_dim", 6);
    model.set("num_local_experts", experts);
    model.set("num_experts_per_tok", topK);
    for (int layer = 0; layer < LAYERS; layer++) {
      String prefix = "model.layers." + layer + ".";
      model.gaussian(prefix + "self_attn.q_proj.weight", HEADS * 6, HIDDEN);
      model.gaussian(prefix + "self_attn.k_proj.weight", 2 * 6, HIDDEN);
      model.gaussian(prefix + "self_attn.v_proj.weight", 2 * 6, HIDDEN);
      model.gaussian(prefix + "self_attn.o_proj.weight", HIDDEN, HEADS * 6);
      model.gaussian(prefix + "block_sparse_moe.gate.weight", experts, HIDDEN);
      for (int e = 0; e < experts; e++) {
        String expert = prefix + "block_sparse_moe.experts." + e + ".";
        model.swiGlu(expert, List.of("w1", "w3", "w2"), INTERMEDIATE);
      }
    }
    return model;
  }

  /**
   * Latent attention and, behind {@code denseLayers} dense ones, 8 experts in 4 groups.
   *
   * @param version 2 or 3
   */
  static RandomModel deepSeek(
      long seed, int version, boolean queryLatent, boolean interleaved, boolean yarn, int shared) {
    return deepSeek(new RandomModel(seed), version, queryLatent, interleaved, yarn, shared);
  }

  /**
   * Latent attention whose entries have 512 + 64 components, as those of DeepSeek's models have.
   */
  static RandomModel withWideEntries(long seed) {
    RandomModel model = new RandomModel(seed);
    model.latent = 512;
    model.rope = 64;
    return deepSeek(model, 3, true, true, true, 1);
  }

  private static RandomModel deepSeek(
      RandomModel model,
      int version,
      boolean queryLatent,
      boolean interleaved,
      boolean yarn,
      int shared) {
    model.set("architectures", List.of("DeepseekV" + version + "ForCausalLM"));
    model.set("kv_lora_rank", model.latent);
    model.set("qk_nope_head_dim", 5);
    model.set("qk_rope_head_dim", model.rope);
    model.set("v_head_dim", 3);
    model.set("rope_interleave", interleaved);
    model.set("moe_intermediate_size", INTERMEDIATE);
    model.set("n_routed_experts", 8);
    model.set("n_shared_experts", shared);
    model.set("num_experts_per_tok", 3);
    model.set("n_group", 4);
    model.set("topk_group", 2);
    model.set("first_k_dense_replace", 1);
    model.set("routed_scaling_factor", 2.5);
    model.set("norm_topk_prob", version == 3);
    model.set("scoring_func", version == 3 ? "sigmoid" : "softmax");
    model.set("topk_method", version == 3 ? "noaux_tc" : "group_limited_greedy");
    if (queryLatent) {
      model.set("q_lora_rank", 7);
    }
    if (yarn) {
      model.set(
          "rope_scaling",
          Map.of(
              "type",
              "yarn",
              "factor",
              40,
              "beta_fast",
              4,
              "beta_slow",
              0.5,
              "mscale",
              0.7,
              "mscale_all_dim",
              1.0,
              "original_max_position_embeddings",
              16));
    }
    for (int layer = 0; layer < LAYERS; layer++) {
      String prefix = "model.layers." + layer + ".";
      model.latentAttention(prefix + "self_attn.", queryLatent);
      List<String> names = List.of("gate_proj", "up_proj", "down_proj");
      if (layer == 0) {
        model.swiGlu(prefix + "mlp.", names, INTERMEDIATE);
        continue;
      }
      model.gaussian(prefix + "mlp.gate.weight", 8, HIDDEN);
      if (version == 3) {
        model.norm(prefix + "mlp.gate.e_score_correction_bias", 8);
      }
      for (int e = 0; e < 8; e++) {
        model.swiGlu(prefix + "mlp.experts." + e + ".", names, INTERMEDIATE);
      }
      if (shared > 0) {
        model.swiGlu(prefix + "mlp.shared_experts.", names, INTERMEDIATE * shared);
      }
    }
    return model;
  }

  void set(String field, Object value) {
    config.put(field, value);
  }

  /** Adds a constant scale of a KV cache: one number, or one for each KV head. */
  void scale(String name, double... numbers) {
    tensors.put(name, numbers);
    shapes.put(name, List.of(numbers.length));
  }

  double[] tensor(String name) {
    return tensors.get(name);
  }

  /**
   * Gives expert {@code order.get(e)} of every layer the number e.
   *
   * @param module the FFN within a layer, {@code "mlp."}
   */
  void relabelExperts(String module, List<Integer> order) {
    for (int layer = 0; layer < LAYERS; layer++) {
      String prefix = "model.layers." + layer + "." + module;
      Map<String, double[]> before = new LinkedHashMap<>(tensors);
      for (int e = 0; e < order.size(); e++) {
        String to = prefix + "experts." + e + ".";
        String from = prefix + "experts." + order.get(e) + ".";
        before.keySet().stream()
            .filter(name -> name.startsWith(from))
            .forEach(name -> tensors.put(to + name.substring(from.length()), before.get(name)));
      }
      relabelRows(prefix + "gate.weight", HIDDEN, order);
      relabelRows(prefix + "gate.e_score_correction_bias", 1, order);
    }
  }

  private void relabelRows(String name, int width, List<Integer> order) {
    double[] rows = tensors.get(name);
    if (rows == null) {
      return;
    }
    double[] relabelled = new double[rows.length];
    for (int e = 0; e < order.size(); e++) {
      System.arraycopy(rows, order.get(e) * width, relabelled, e * width, width);
    }
    tensors.put(name, relabelled);
  }

  void remove(String name) {
    tensors.remove(name);
  }

  /** Writes the checkpoint, without a tokenizer, and returns the directory. */
  Path writeTo(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("config.json"),
        new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(config));
    SafetensorsWriter writer = new SafetensorsWriter();
    tensors.forEach((name, numbers) -> writer.tensor(name, DType.F64, shapes.get(name), numbers));
    writer.write(directory.resolve("model.safetensors"));
    return directory;
  }

  private void latentAttention(String prefix, boolean queryLatent) {
    int queries = HEADS * (5 + rope);
    if (queryLatent) {
      gaussian(prefix + "q_a_proj.weight", 7, HIDDEN);
      norm(prefix + "q_a_layernorm.weight", 7);
      gaussian(prefix + "q_b_proj.weight", queries, 7);
    } else {
      gaussian(prefix + "q_proj.weight", queries, HIDDEN);
    }
    gaussian(prefix + "kv_a_proj_with_mqa.weight", latent + rope, HIDDEN);
    norm(prefix + "kv_a_layernorm.weight", latent);
    gaussian(prefix + "kv_b_proj.weight", HEADS * (5 + 3), latent);
    gaussian(prefix + "o_proj.weight", HIDDEN, HEADS * 3);
  }

  private void swiGlu(String prefix, List<String> names, int intermediate) {
    gaussian(prefix + names.get(0) + ".weight", intermediate, HIDDEN);
    gaussian(prefix + names.get(1) + ".weight", intermediate, HIDDEN);
    gaussian(prefix + names.get(2) + ".weight", HIDDEN, intermediate);
  }

  private void gaussian(String name, int rows, int columns) {
    double[] numbers = new double[rows * columns];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = 2 * random.nextGaussian() / Math.sqrt(columns);
    }
    tensors.put(name, numbers);
    shapes.put(name, List.of(rows, columns));
  }

  private void norm(String name, int size) {
    double[] numbers = new double[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = 0.5 + random.nextDouble();
    }
    tensors.put(name, numbers);
    shapes.put(name, List.of(size));
  }
}
