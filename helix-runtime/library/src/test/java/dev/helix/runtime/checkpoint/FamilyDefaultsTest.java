package dev.helix.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.ffn.RouterRule;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The defaults are those of the families' configuration classes in transformers 5. */
final class FamilyDefaultsTest {
  private static final String SIZES =
      """
      "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 16,
      "intermediate_size": 6, "vocab_size": 5\
      """;
  private static final String LATENT_SIZES =
      SIZES
          + """
          , "kv_lora_rank": 8, "qk_nope_head_dim": 4, "qk_rope_head_dim": 2, "v_head_dim": 4,
          "moe_intermediate_size": 3, "n_routed_experts": 16\
          """;

  @ParameterizedTest
  @CsvSource({
    "LlamaForCausalLM, 16, 2048, 1e-6, 10000, 0",
    "MistralForCausalLM, 8, 131072, 1e-6, 10000, 4096",
    "MixtralForCausalLM, 8, 131072, 1e-5, 1e6, 0",
  })
  void aFileOfSizesAloneHasTheFamilysDefaults(
      String family, int kvHeads, int positions, double epsilon, double theta, int window) {
    ModelConfig config = read(family, SIZES);
    assertEquals(kvHeads, config.attention().kvHeads());
    assertEquals(positions, config.maxPositions());
    assertEquals(epsilon, config.rmsNormEpsilon());
    assertEquals(theta, config.rope().theta());
    assertEquals(window, config.slidingWindow().orElse(0));
    assertEquals(DType.F32, config.activations());
  }

  @Test
  void nullSaysNoWindowAndAsManyKvHeadsAsQueryHeads() {
    ModelConfig config =
        read(
            "MistralForCausalLM",
            SIZES + ", \"num_key_value_heads\": null, \"sliding_window\": null");
    assertEquals(16, config.attention().kvHeads());
    assertEquals(OptionalInt.empty(), config.slidingWindow());
  }

  @Test
  void mixtralHasEightExpertsOfWhichTwoAreChosen() {
    RouterRule rule = read("MixtralForCausalLM", SIZES).mixture().orElseThrow().rule();
    assertEquals(8, rule.experts());
    assertEquals(2, rule.topK());
  }

  @Test
  void deepSeekHasAnotherRouterInEachVersion() {
    ModelConfig v3 = read("DeepseekV3ForCausalLM", LATENT_SIZES);
    assertEquals(OptionalInt.empty(), v3.latent().orElseThrow().queryLatent());
    assertEquals(4096, v3.maxPositions());
    Mixture third = v3.mixture().orElseThrow();
    assertEquals(3, third.denseLayers());
    assertEquals(3, third.shape().sharedIntermediate());
    assertEquals(8, third.rule().topK());
    assertEquals(8, third.rule().groups());
    assertEquals(4, third.rule().keptGroups());
    assertEquals(2.5, third.rule().scale());
    Mixture second =
        read("DeepseekV2ForCausalLM", LATENT_SIZES + ", \"num_experts_per_tok\": 2")
            .mixture()
            .orElseThrow();
    assertEquals(0, second.denseLayers());
    assertEquals(6, second.shape().sharedIntermediate());
    assertEquals(1.0, second.rule().scale());
  }

  @Test
  void nullSaysNoCompressionOfQueriesAndNoSharedExperts() {
    ModelConfig config =
        read(
            "DeepseekV3ForCausalLM",
            LATENT_SIZES + ", \"q_lora_rank\": null, \"n_shared_experts\": null");
    assertEquals(OptionalInt.empty(), config.latent().orElseThrow().queryLatent());
    assertEquals(0, config.mixture().orElseThrow().shape().sharedIntermediate());
  }

  @Test
  void kimiK2IsDeepSeekV3UnderItsOwnName() {
    String type = ", \"model_type\": \"kimi_k2\"";
    assertEquals(
        read("DeepseekV3ForCausalLM", LATENT_SIZES),
        read("DeepseekV3ForCausalLM", LATENT_SIZES + type));
    InvalidInputException e =
        Assertions.assertThrows(
            InvalidInputException.class, () -> read("LlamaForCausalLM", SIZES + type));
    assertEquals("config.json: model_type: expected llama, got \"kimi_k2\"", e.getMessage());
  }

  private static ModelConfig read(String architecture, String fields) {
    String json = "{\"architectures\": [\"%s\"], %s}".formatted(architecture, fields);
    return ModelConfig.of(JsonObject.parse("config.json", json.getBytes(StandardCharsets.UTF_8)));
  }
}
