package dev.helix.runtime.checkpoint;

import dev.helix.attention.LatentShape;
import dev.helix.attention.rotary.RotaryPairing;
import dev.helix.ffn.MoeShape;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.RouterRule.GroupScore;
import dev.helix.ffn.RouterRule.Scoring;
import dev.helix.runtime.checkpoint.ModelConfig.LayerShape;
import dev.helix.tensor.io.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** DeepSeek-V2 and V3 (R1 included): latent attention and, behind some dense layers, experts. */
final class DeepSeekFamily implements ModelFamily {
  private final Version version;

  DeepSeekFamily(Version version) {
    this.version = version;
  }

  /** Which of the two. */
  enum Version {
    V2,
    V3
  }

  @Override
  public String architecture() {
    return version == Version.V2 ? "DeepseekV2ForCausalLM" : "DeepseekV3ForCausalLM";
  }

  @Override
  public String modelType() {
    return version == Version.V2 ? "deepseek_v2" : "deepseek_v3";
  }

  @Override
  public ModelConfig config(JsonObject json) {
    LlamaFamily.refuseWhatIsNotComputed(json, modelType());
    requireKnownQuantization(json);
    LatentShape latent = latent(json);
    Optional<Mixture> mixture =
        json.has("n_routed_experts")
            ? Optional.of(mixture(json, latent.hidden()))
            : Optional.empty();
    LayerShape shape =
        new LayerShape(
            latent.absorbed(), Optional.of(latent), json.positive("intermediate_size"), mixture);
    return LlamaFamily.decoder(json, shape, OptionalInt.empty());
  }

  @Override
  public Stream<WeightShape> weights(ModelConfig config) {
    return LlamaFamily.decoder(
        config,
        layer ->
            Stream.concat(
                latentAttention(config.latent().orElseThrow(), layer),
                config.mixture(layer).isPresent()
                    ? MixtralFamily.experts(config, layer)
                    : LlamaFamily.denseFfn(config, layer)));
  }

  @Override
  public String storedName(ModelConfig config, String tensor) {
    return LlamaFamily.tiedName(config, tensor);
  }

  /** FP8 with a scale for each block, or none. */
  private static void requireKnownQuantization(JsonObject json) {
    if (!json.has("quantization_config")) {
      return;
    }
    JsonObject quantization = json.object("quantization_config");
    if (!quantization.text("quant_method").equals("fp8")) {
      throw quantization.unexpected("quant_method", "fp8");
    }
    if (quantization.has("fmt") && !quantization.text("fmt").equals("e4m3")) {
      throw quantization.unexpected("fmt", "e4m3");
    }
    List<Integer> block = quantization.integers("weight_block_size", 1);
    if (!block.equals(List.of(BlockScales.BLOCK, BlockScales.BLOCK))) {
      throw quantization.unexpected("weight_block_size", "[128, 128]");
    }
  }

  private LatentShape latent(JsonObject json) {
    OptionalInt queryLatent =
        json.has("q_lora_rank")
            ? OptionalInt.of(json.positive("q_lora_rank"))
            : OptionalInt.empty();
    RotaryPairing pairing =
        json.flag("rope_interleave", true) ? RotaryPairing.INTERLEAVED : RotaryPairing.HALF_SPLIT;
    return LlamaFamily.naming(
        json,
        () ->
            new LatentShape(
                json.positive("hidden_size"),
                json.positive("num_attention_heads"),
                queryLatent,
                json.positive("kv_lora_rank"),
                json.positive("qk_nope_head_dim"),
                json.positive("qk_rope_head_dim"),
                json.positive("v_head_dim"),
                pairing));
  }

  private Mixture mixture(JsonObject json, int hidden) {
    if (json.has("moe_layer_freq") && json.positive("moe_layer_freq") != 1) {
      throw json.unexpected("moe_layer_freq", "1");
    }
    int intermediate = json.positive("moe_intermediate_size");
    int shared = json.has("n_shared_experts") ? json.integer("n_shared_experts", 0) : 0;
    if ((long) intermediate * shared > Integer.MAX_VALUE) {
      throw json.unexpected("n_shared_experts", "shared experts that are fewer or narrower");
    }
    int denseLayers =
        json.has("first_k_dense_replace") ? json.integer("first_k_dense_replace", 0) : 0;
    int experts = json.positive("n_routed_experts");
    MoeShape shape =
        LlamaFamily.naming(
            json, () -> new MoeShape(hidden, experts, intermediate, intermediate * shared));
    RouterRule rule = version == Version.V2 ? routerOfV2(json) : routerOfV3(json);
    return new Mixture(shape, rule, denseLayers, version == Version.V3, ExpertNames.DEEPSEEK);
  }

  /** Softmax scores, weights not normalised, groups by their best expert. */
  private static RouterRule routerOfV2(JsonObject json) {
    requireText(json, "scoring_func", "softmax");
    if (json.flag("norm_topk_prob", false)) {
      throw json.unexpected("norm_topk_prob", "false");
    }
    boolean grouped = json.text("topk_method").equals("group_limited_greedy");
    if (!grouped) {
      requireText(json, "topk_method", "greedy");
    }
    return LlamaFamily.naming(
        json,
        () ->
            new RouterRule(
                Scoring.SOFTMAX,
                json.positive("n_routed_experts"),
                json.positive("num_experts_per_tok"),
                grouped ? json.positive("n_group") : 1,
                grouped ? json.positive("topk_group") : 1,
                GroupScore.BEST,
                false,
                json.number("routed_scaling_factor")));
  }

  /** Sigmoid scores, a bias for the choice, groups by their best two. */
  private static RouterRule routerOfV3(JsonObject json) {
    requireText(json, "scoring_func", "sigmoid");
    requireText(json, "topk_method", "noaux_tc");
    return LlamaFamily.naming(
        json,
        () ->
            new RouterRule(
                Scoring.SIGMOID,
                json.positive("n_routed_experts"),
                json.positive("num_experts_per_tok"),
                json.positive("n_group"),
                json.positive("topk_group"),
                GroupScore.BEST_TWO,
                json.flag("norm_topk_prob", true),
                json.number("routed_scaling_factor")));
  }

  /** What newer files leave out is the one value that the architecture has. */
  private static void requireText(JsonObject json, String field, String expected) {
    if (json.has(field) && !json.text(field).equals(expected)) {
      throw json.unexpected(field, expected);
    }
  }

  private static Stream<WeightShape> latentAttention(LatentShape shape, int layer) {
    long hidden = shape.hidden();
    long queries = (long) shape.heads() * shape.queryDim();
    long ups = (long) shape.heads() * shape.upRows();
    long values = (long) shape.heads() * shape.valueDim();
    Stream<WeightShape> query =
        shape.queryLatent().isPresent()
            ? Stream.of(
                WeightShape.of(
                    LatentNames.queryDown(layer), shape.queryLatent().getAsInt(), hidden),
                WeightShape.of(LatentNames.queryNorm(layer), shape.queryLatent().getAsInt()),
                WeightShape.of(LatentNames.queryUp(layer), queries, shape.queryLatent().getAsInt()))
            : Stream.of(WeightShape.of(LatentNames.query(layer), queries, hidden));
    Stream<WeightShape> rest =
        Stream.of(
            WeightShape.of(LatentNames.entry(layer), shape.entryDim(), hidden),
            WeightShape.of(LatentNames.latentNorm(layer), shape.latent()),
            WeightShape.of(LatentNames.keyValueUp(layer), ups, shape.latent()),
            WeightShape.of(LlamaNames.attentionOutput(layer), hidden, values));
    return Stream.concat(query, rest);
  }
}
