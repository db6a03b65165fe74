package dev.helix.laws.strategy;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.tensor.io.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A small model of random weights. Its experts and the columns of its FFN are as many as its query
 * heads, so that ranks that divide the heads divide everything.
 *
 * @param kind the kind of its layers
 * @param layers number of layers
 * @param heads number of query heads
 * @param kvHeads number of KV heads, which divide the query heads; 1 with latent attention
 * @param seed the same seed gives the same weights
 */
record StrategyModel(Kind kind, int layers, int heads, int kvHeads, long seed) {
  /** Token ids are below this number. It is prime, so that the last rank's words are padded. */
  static final int VOCABULARY = 11;

  /** The kinds of layers that a model may have. */
  enum Kind {
    /** Grouped-query attention and dense FFNs, as Llama has them. */
    DENSE,
    /** The same with heads as wide as a block of a quantised cache. */
    WIDE,
    /** Grouped-query attention and a mixture of experts in each layer, as Mixtral has them. */
    MIXTURE,
    /**
     * Latent attention, a dense FFN in the first layer and then experts in groups beside a shared
     * one, as DeepSeek-V3 has them.
     */
    LATENT
  }

  /** Whether there are experts to divide. */
  boolean hasExperts() {
    return kind == Kind.MIXTURE || kind == Kind.LATENT;
  }

  /** The same model with fewer layers. */
  StrategyModel withLayers(int fewer) {
    return new StrategyModel(kind, fewer, heads, kvHeads, seed);
  }

  /** Draws the weights. */
  Checkpoint checkpoint() {
    return Checkpoint.random(toString(), config(), seed);
  }

  /** The sizes without the weights. */
  ModelConfig sizes() {
    return ModelConfig.of(JsonObject.parse(toString(), config().getBytes(StandardCharsets.UTF_8)));
  }

  private String config() {
    String own =
        switch (kind) {
          case DENSE ->
              """
              "architectures": ["LlamaForCausalLM"], "head_dim": 4, "num_key_value_heads": %d,
              """
                  .formatted(kvHeads);
          case WIDE ->
              """
              "architectures": ["LlamaForCausalLM"], "head_dim": 32, "num_key_value_heads": %d,
              """
                  .formatted(kvHeads);
          case MIXTURE ->
              """
              "architectures": ["MixtralForCausalLM"], "head_dim": 4, "num_key_value_heads": %d,
              "num_local_experts": %d, "num_experts_per_tok": 3,
              """
                  .formatted(kvHeads, heads);
          case LATENT ->
              """
              "architectures": ["DeepseekV3ForCausalLM"], "q_lora_rank": 7, "kv_lora_rank": 6,
              "qk_nope_head_dim": 5, "qk_rope_head_dim": 4, "v_head_dim": 3,
              "n_routed_experts": %d, "num_experts_per_tok": 3, "moe_intermediate_size": %d,
              "n_shared_experts": 1, "n_group": 4, "topk_group": 2, "first_k_dense_replace": 1,
              "routed_scaling_factor": 2.5, "norm_topk_prob": true, "scoring_func": "sigmoid",
              "topk_method": "noaux_tc",
              """
                  .formatted(heads, heads);
        };
    return """
    {%s"hidden_size": 10, "num_hidden_layers": %d, "num_attention_heads": %d,
     "intermediate_size": %d, "vocab_size": %d, "max_position_embeddings": 64,
     "rope_theta": 100.0, "rms_norm_eps": 1e-6, "tie_word_embeddings": false,
     "torch_dtype": "float64"}
    """
        .formatted(own, layers, heads, heads, VOCABULARY);
  }

  @Override
  public String toString() {
    return "%s model of %d layers, %d query and %d KV heads, weights %d"
        .formatted(kind.name().toLowerCase(Locale.ROOT), layers, heads, kvHeads, seed);
  }
}
