package dev.helix.tests.properties;

import dev.helix.attention.AttentionShape;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A small dense model of the Llama family with random weights, written as a Hugging Face directory.
 *
 * @param sharpness by which queries and keys are scaled: large ones let one token take all weight
 */
record RandomLlama(
    AttentionShape attention,
    int layers,
    int intermediate,
    int vocabulary,
    boolean tied,
    double sharpness,
    long seed) {

  /** Writes the model into a directory and opens it. */
  Checkpoint writeTo(Path directory) {
    try {
      Files.writeString(directory.resolve("config.json"), config());
      weights().write(directory.resolve("model.safetensors"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Checkpoint.open(directory);
  }

  private String config() {
    return """
    {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": %d,
     "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d,
     "head_dim": %d, "intermediate_size": %d, "vocab_size": %d, "tie_word_embeddings": %s,
     "max_position_embeddings": 4096, "rope_theta": 10000.0, "rms_norm_eps": 1e-5,
     "hidden_act": "silu", "torch_dtype": "float64"}
    """
        .formatted(
            attention.hidden(),
            layers,
            attention.queryHeads(),
            attention.kvHeads(),
            attention.headDim(),
            intermediate,
            vocabulary,
            tied);
  }

  private SafetensorsWriter weights() {
    SplittableRandom random = new SplittableRandom(seed);
    SafetensorsWriter writer = new SafetensorsWriter();
    int hidden = attention.hidden();
    int queries = attention.queryHeads() * attention.headDim();
    int keys = attention.kvHeads() * attention.headDim();
    matrix(writer, random, "model.embed_tokens", vocabulary, hidden, 1);
    if (!tied) {
      matrix(writer, random, "lm_head", vocabulary, hidden, 1);
    }
    vector(writer, random, "model.norm", hidden);
    for (int layer = 0; layer < layers; layer++) {
      String prefix = "model.layers." + layer + ".";
      vector(writer, random, prefix + "input_layernorm", hidden);
      vector(writer, random, prefix + "post_attention_layernorm", hidden);
      matrix(writer, random, prefix + "self_attn.q_proj", queries, hidden, sharpness);
      matrix(writer, random, prefix + "self_attn.k_proj", keys, hidden, sharpness);
      matrix(writer, random, prefix + "self_attn.v_proj", keys, hidden, 1);
      matrix(writer, random, prefix + "self_attn.o_proj", hidden, queries, 1);
      matrix(writer, random, prefix + "mlp.gate_proj", intermediate, hidden, 1);
      matrix(writer, random, prefix + "mlp.up_proj", intermediate, hidden, 1);
      matrix(writer, random, prefix + "mlp.down_proj", hidden, intermediate, 1);
    }
    return writer;
  }

  private static void matrix(
      SafetensorsWriter writer,
      SplittableRandom random,
      String name,
      int rows,
      int columns,
      double scale) {
    double[] numbers = new double[rows * columns];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (2 * random.nextDouble() - 1) * scale / Math.sqrt(columns);
    }
    writer.tensor(name + ".weight", DType.F64, List.of(rows, columns), numbers);
  }

  private static void vector(
      SafetensorsWriter writer, SplittableRandom random, String name, int size) {
    double[] numbers = new double[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = 0.5 + random.nextDouble();
    }
    writer.tensor(name + ".weight", DType.F64, List.of(size), numbers);
  }
}
