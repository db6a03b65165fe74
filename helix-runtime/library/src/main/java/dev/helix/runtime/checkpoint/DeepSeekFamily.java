package dev.helix.runtime.checkpoint;

import dev.helix.attention.AttentionKind;
import dev.helix.attention.LatentShape;
import dev.helix.attention.rotary.RotaryPairing;
import dev.helix.ffn.MoeShape;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.RouterRule.GroupScore;
import dev.helix.ffn.RouterRule.Scoring;
import dev.helix.runtime.checkpoint.ModelConfig.LayerShape;
import dev.helix.runtime.checkpoint.weights.WeightShape;
import dev.helix.tensor.io.JsonObject;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * DeepSeek-V2 and V3 (R1 included). They have latent attention and, after some dense layers,
 * experts.
 */
final class DeepSeekFamily implements ModelFamily {
  private final Version version;

  DeepSeekFamily(Version version) {
    this.version = version;
  }

  /** The version of the architecture. */
  enum Version {
    V2(2, 0, 1.0),
    V3(1, 3, 2.5);

    private final int sharedExperts;
    private final int denseLayers;
    private final double routedScale;

    Version(int sharedExperts, int denseLayers, double routedScale) {
      this.sharedExperts = sharedExperts;
      this.denseLayers = denseLayers;
      this.routedScale = routedScale;
    }

    FamilyDefaults defaults() {
      return this == V2 ? FamilyDefaults.DEEPSEEK_V2 : FamilyDefaults.DEEPSEEK_V3;
    }
  }

  @Override
  public String architecture() {
    return version == Version.V2 ? "DeepseekV2ForCausalLM" : "DeepseekV3ForCausalLM";
  }

  @Override
  public String modelType() {
    return version == Version.V2 ? "deepseek_v2" : "deepseek_v3";
  }

  /**
   * {@inheritDoc} Kimi K2 is DeepSeek-V3 with other sizes, and only {@code architectures} says so.
   */
  @Override
  public Set<String> otherModelTypes() {
    return version == Version.V3 ? Set.of("kimi_k2") : Set.of();
  }

  @Override
  public ModelConfig config(JsonObject json) {
    LlamaFamily.refuseWhatIsNotComputed(json, this);
    QuantizationConfig.require(json);
    LatentShape latent = latent(json);
    Optional<Mixture> mixture =
        json.has("n_routed_experts")
            ? Optional.of(mixture(json, latent.hidden()))
            : Optional.empty();
    LayerShape shape =
        new LayerShape(
            new AttentionKind.Latent(latent), json.positive("intermediate_size"), mixture);
    return LlamaFamily.decoder(json, shape, OptionalInt.empty(), version.defaults())
        .withLatentNormEpsilon(LatentEpsilon.FIXED);
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

  private LatentShape latent(JsonObject json) {
    // This is a size of weights. Models that do not compress their queries leave it out.
    OptionalInt queryLatent = FamilyDefaults.count(json, "q_lora_rank", OptionalInt.empty());
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
    int shared = integer(json, "n_shared_experts", version.sharedExperts);
    if ((long) intermediate * shared > Integer.MAX_VALUE) {
      throw json.unexpected("n_shared_experts", "shared experts that are fewer or narrower");
    }
    int denseLayers = integer(json, "first_k_dense_replace", version.denseLayers);
    int experts = json.positive("n_routed_experts");
    MoeShape shape =
        LlamaFamily.naming(
            json, () -> new MoeShape(hidden, experts, intermediate, intermediate * shared));
    RouterRule rule = version == Version.V2 ? routerOfV2(json) : routerOfV3(json);
    return new Mixture(shape, rule, denseLayers, version == Version.V3, ExpertNames.DEEPSEEK);
  }

  /**
   * The router of V2: softmax scores, weights that are not normalised, and groups scored by their
   * best expert.
   */
  private static RouterRule routerOfV2(JsonObject json) {
    requireText(json, "scoring_func", "softmax");
    if (json.flag("norm_topk_prob", false)) {
      throw json.unexpected("norm_topk_prob", "false");
    }
    boolean grouped =
        json.has("topk_method") && json.text("topk_method").equals("group_limited_greedy");
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
                routedScale(json, Version.V2)));
  }

  /**
   * The router of V3: sigmoid scores, a bias for the choice, and groups scored by their best two
   * experts.
   */
  private static RouterRule routerOfV3(JsonObject json) {
    requireText(json, "scoring_func", "sigmoid");
    requireText(json, "topk_method", "noaux_tc");
    return LlamaFamily.naming(
        json,
        () ->
            new RouterRule(
                Scoring.SIGMOID,
                json.positive("n_routed_experts"),
                positive(json, "num_experts_per_tok", 8),
                positive(json, "n_group", 8),
                positive(json, "topk_group", 4),
                GroupScore.BEST_TWO,
                json.flag("norm_topk_prob", true),
                routedScale(json, Version.V3)));
  }

  private static double routedScale(JsonObject json, Version version) {
    String field = "routed_scaling_factor";
    return json.has(field) ? json.number(field) : version.routedScale;
  }

  private static int positive(JsonObject json, String field, int absent) {
    return json.has(field) ? json.positive(field) : absent;
  }

  /** A count that may be 0. A field that is left out means {@code absent}, and null means 0. */
  private static int integer(JsonObject json, String field, int absent) {
    if (json.has(field)) {
      return json.integer(field, 0);
    }
    return json.names().contains(field) ? 0 : absent;
  }

  /** Checks a field that can have one value only in this architecture; newer files leave it out. */
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
