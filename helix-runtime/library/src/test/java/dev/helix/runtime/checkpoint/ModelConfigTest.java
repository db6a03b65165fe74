package dev.helix.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionKind;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.rotary.RopeParameters;
import dev.helix.attention.rotary.RopeParameters.Llama3Scaling;
import dev.helix.runtime.checkpoint.ModelConfig.Arithmetic;
import dev.helix.runtime.checkpoint.ModelConfig.LayerShape;
import dev.helix.runtime.checkpoint.ModelConfig.Positions;
import dev.helix.runtime.checkpoint.ModelConfig.Vocabulary;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelConfigTest {
  private static final String LLAMA3 =
      """
      {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
       "original_max_position_embeddings": 8192}
      """;
  private static final RopeParameters LLAMA3_SCALED =
      new RopeParameters(10_000, Optional.of(new Llama3Scaling(8, 1, 4, 8192)));

  @Test
  void aLlamaConfigIsReadAsItStands() {
    ModelConfig expected =
        new ModelConfig(
            2,
            new LayerShape(
                new AttentionKind.GroupedQuery(new AttentionShape(4, 2, 1, 2)),
                6,
                Optional.empty()),
            new Positions(RopeParameters.of(10_000), 16, OptionalInt.empty()),
            new Vocabulary(5, false, List.of(2), OptionalInt.of(1)),
            new Arithmetic(1e-5, 1e-5, DType.BF16));
    assertEquals(expected, ModelConfig.of(new TinyLlama().json()));
  }

  @ParameterizedTest
  @CsvSource({"float64, F64", "float32, F32", "bfloat16, BF16", "float16, F16"})
  void theActivationsArePreciseAsTheTorchDtypeOrTheNewerDtypeSays(String name, DType dtype) {
    TinyLlama tiny = new TinyLlama();
    tiny.set("torch_dtype", '"' + name + '"');
    assertEquals(dtype, ModelConfig.of(tiny.json()).activations());
    tiny.config.remove("torch_dtype");
    tiny.set("dtype", '"' + name + '"');
    assertEquals(dtype, ModelConfig.of(tiny.json()).activations());
  }

  @Test
  void whatIsAbsentOrNullHasTheFamilysDefault() {
    for (boolean isNull : new boolean[] {false, true}) {
      TinyLlama tiny = new TinyLlama();
      for (String field :
          List.of(
              "num_key_value_heads",
              "head_dim",
              "rope_theta",
              "rope_scaling",
              "eos_token_id",
              "bos_token_id",
              "tie_word_embeddings",
              "hidden_act",
              "attention_bias",
              "model_type",
              "rope_parameters",
              "quantization_config")) {
        tiny.config.remove(field);
        if (isNull) {
          tiny.set(field, "null");
        }
      }
      ModelConfig config = ModelConfig.of(tiny.json());
      assertEquals(new AttentionShape(4, 2, 2, 2), config.attention());
      assertEquals(RopeParameters.of(10_000), config.rope());
      assertEquals(List.of(), config.endTokens());
      assertEquals(OptionalInt.empty(), config.vocabulary().beginToken());
      assertEquals(false, config.tiedEmbeddings());
    }
  }

  @Test
  void mistralIsLlamaWithASlidingWindow() {
    TinyLlama tiny = new TinyLlama();
    tiny.set("sliding_window", "3");
    assertEquals(OptionalInt.empty(), ModelConfig.of(tiny.json()).slidingWindow());
    tiny.set("architectures", "[\"MistralForCausalLM\"]");
    tiny.set("model_type", "\"mistral\"");
    assertEquals(OptionalInt.of(3), ModelConfig.of(tiny.json()).slidingWindow());
    tiny.set("sliding_window", "null");
    assertEquals(OptionalInt.empty(), ModelConfig.of(tiny.json()).slidingWindow());
    tiny.set("sliding_window", "0");
    refusedBeginning("config.json: sliding_window: expected an integer from 1 to ", tiny);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MistralForCausalLM", "MixtralForCausalLM"})
  void anotherNumberOfLayersChangesNothingElse(String architecture) {
    TinyLlama tiny = new TinyLlama();
    tiny.set("architectures", "[\"" + architecture + "\"]");
    tiny.set("model_type", architecture.startsWith("Mistral") ? "\"mistral\"" : "\"mixtral\"");
    tiny.set("sliding_window", "3");
    tiny.set("num_local_experts", "4");
    tiny.set("num_experts_per_tok", "2");
    ModelConfig two = ModelConfig.of(tiny.json());
    tiny.set("num_hidden_layers", "7");
    assertEquals(ModelConfig.of(tiny.json()), two.withLayers(7));
  }

  @Test
  void theModelTypeNamesTheFamilyWhereArchitecturesDoNot() {
    TinyLlama tiny = new TinyLlama();
    tiny.config.remove("architectures");
    assertEquals(2, ModelConfig.of(tiny.json()).layers());
    tiny.set("model_type", "\"qwen3_moe\"");
    refused(
        "config.json: model_type: expected llama or mistral or mixtral or deepseek_v2 or"
            + " deepseek_v3, got \"qwen3_moe\"",
        tiny);
    tiny.config.remove("model_type");
    refused("config.json: model_type: expected a string, got nothing", tiny);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"Qwen3MoeForCausalLM\"]", "[\"DeepseekForCausalLM\"]"})
  void anotherArchitectureIsRefusedByName(String architectures) {
    TinyLlama tiny = new TinyLlama();
    tiny.set("architectures", architectures);
    String name = architectures.substring(2, architectures.length() - 2);
    String known =
        "LlamaForCausalLM or MistralForCausalLM or MixtralForCausalLM or DeepseekV2ForCausalLM"
            + " or DeepseekV3ForCausalLM";
    refused("config.json: architecture " + name + ": expected " + known, tiny);
  }

  @Test
  void oneOfSeveralArchitecturesIsEnough() {
    TinyLlama tiny = new TinyLlama();
    tiny.set("architectures", "[\"Other\", \"LlamaForCausalLM\"]");
    assertEquals(2, ModelConfig.of(tiny.json()).layers());
  }

  @Test
  void severalEndTokensAreKeptInOrder() {
    TinyLlama tiny = new TinyLlama();
    tiny.set("eos_token_id", "[4, 0]");
    assertEquals(List.of(4, 0), ModelConfig.of(tiny.json()).endTokens());
  }

  @Test
  void scalingOfTypeLlama3IsReadUnderEitherNameOfTheType() {
    TinyLlama tiny = new TinyLlama();
    tiny.set("rope_scaling", LLAMA3);
    assertEquals(LLAMA3_SCALED, ModelConfig.of(tiny.json()).rope());
    tiny.set("rope_scaling", LLAMA3.replace("rope_type", "type"));
    assertEquals(LLAMA3_SCALED, ModelConfig.of(tiny.json()).rope());
    tiny.set("rope_scaling", "{\"rope_type\": \"default\"}");
    assertEquals(RopeParameters.of(10_000), ModelConfig.of(tiny.json()).rope());
  }

  @Test
  void ropeParametersOfNewerFilesAreReadLikewise() {
    TinyLlama tiny = new TinyLlama();
    tiny.config.remove("rope_theta");
    tiny.set("rope_parameters", "{\"rope_theta\": 500000.0}");
    assertEquals(RopeParameters.of(500_000), ModelConfig.of(tiny.json()).rope());
    tiny.set("rope_parameters", LLAMA3.replace("{", "{\"rope_theta\": 10000.0,"));
    assertEquals(LLAMA3_SCALED, ModelConfig.of(tiny.json()).rope());
    tiny.set("rope_parameters", "{\"rope_type\": \"default\"}");
    refused("config.json: rope_parameters.rope_theta: expected a finite number, got nothing", tiny);
    tiny.set("rope_theta", "10000.0");
    assertEquals(RopeParameters.of(10_000), ModelConfig.of(tiny.json()).rope());
    tiny.set("rope_parameters", "{\"rope_theta\": 2.0}");
    refused("config.json: rope_theta: expected 2.0 as in rope_parameters, got 10000.0", tiny);
    tiny.set("rope_scaling", LLAMA3);
    refusedBeginning(
        "config.json: rope_scaling: expected nothing beside rope_parameters, got {", tiny);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hidden_size | null | hidden_size: expected an integer from 1 to 2147483647, got null",
        "hidden_size | \"4\" | hidden_size: expected an integer from 1 to 2147483647, got \"4\"",
        "hidden_size | 0 | hidden_size: expected an integer from 1 to 2147483647, got 0",
        "num_hidden_layers | -1 | num_hidden_layers: expected an integer from 1 to 2147483647, got"
            + " -1",
        "intermediate_size | 4294967296 | intermediate_size: expected an integer from 1 to"
            + " 2147483647, got 4294967296",
        "vocab_size | 5.5 | vocab_size: expected an integer from 1 to 2147483647, got 5.5",
        "max_position_embeddings | [] | max_position_embeddings: expected an integer from 1 to"
            + " 2147483647, got []",
        "num_key_value_heads | 0 | num_key_value_heads: expected an integer from 1 to 2147483647,"
            + " got 0",
        "num_key_value_heads | 4 | KV heads (4) must divide the query heads (2)",
        "head_dim | 3 | head size (3) must be even for rotary embedding",
        "num_attention_heads | 2000000000 | num_attention_heads: expected heads of 2 that with the"
            + " KV heads are together at most 2147483647 wide, got 2000000000",
        "rms_norm_eps | \"1e-5\" | rms_norm_eps: expected a finite number, got \"1e-5\"",
        "rms_norm_eps | 0 | rms_norm_eps: expected a positive number, got 0",
        "rope_theta | -1.0 | rope_theta must be at least 1 and finite, got -1.0",
        "tie_word_embeddings | 1 | tie_word_embeddings: expected true or false, got 1",
        "hidden_act | \"gelu\" | hidden_act: expected silu, got \"gelu\"",
        "attention_bias | true | attention_bias: expected false, got true",
        "mlp_bias | true | mlp_bias: expected false, got true",
        "quantization_config | {\"quant_method\":\"gptq\"} | quantization_config.quant_method:"
            + " expected fp8, modelopt, compressed-tensors or mxfp4, got \"gptq\"",
        "quantization_config | {\"quant_method\":\"modelopt\",\"quant_algo\":\"W4A8\"} |"
            + " quantization_config.quant_algo: expected NVFP4 or FP8, got \"W4A8\"",
        "quantization_config | {\"quant_method\":\"compressed-tensors\",\"format\":\"marlin\"} |"
            + " quantization_config.format: expected nvfp4-pack-quantized or mxfp4-pack-quantized"
            + " or float-quantized, got \"marlin\"",
        "model_type | \"mistral\" | model_type: expected llama, got \"mistral\"",
        "architectures | \"LlamaForCausalLM\" | architectures: expected a list of strings, got"
            + " \"LlamaForCausalLM\"",
        "torch_dtype | \"float8_e4m3fn\" | torch_dtype: expected float64, float32, bfloat16 or"
            + " float16, got \"float8_e4m3fn\"",
        "eos_token_id | 5 | eos_token_id: expected ids below vocab_size (5), got 5",
        "eos_token_id | [1,-1] | eos_token_id: expected an integer from 0 to 2147483647 or a list"
            + " of them, got [1,-1]",
        "bos_token_id | [1,2] | bos_token_id: expected one id, got [1,2]",
        "partial_rotary_factor | 0.5 | partial_rotary_factor: expected 1, got 0.5",
        "rope_scaling | {\"type\":\"linear\",\"factor\":2.0} | rope_scaling.type: expected llama3,"
            + " yarn or default, got \"linear\"",
        "rope_scaling | {\"rope_type\":\"yarn\"} | rope_scaling.factor: expected a finite number,"
            + " got nothing",
        "rope_scaling | {\"rope_type\":\"yarn\",\"factor\":4.0,\"truncate\":false} |"
            + " rope_scaling.truncate: expected true, got false",
        "rope_scaling | {\"rope_type\":\"yarn\",\"attention_factor\":1.0} |"
            + " rope_scaling.attention_factor: expected nothing, got 1.0",
        "rope_scaling | {} | rope_scaling.rope_type: expected a string, got nothing",
        "rope_scaling | {\"rope_type\":\"llama3\"} | rope_scaling.factor: expected a finite number,"
            + " got nothing",
        "rope_scaling | 2.0 | rope_scaling: expected an object, got 2.0",
      })
  void aFieldThatCannotBeIsNamed(String field, String json, String message) {
    TinyLlama tiny = new TinyLlama();
    tiny.set(field, json);
    refused("config.json: " + message, tiny);
  }

  @Test
  void headsMustDivideTheHiddenSizeWhereNoHeadSizeIsGiven() {
    TinyLlama tiny = new TinyLlama();
    tiny.config.remove("head_dim");
    tiny.set("num_attention_heads", "3");
    refused(
        "config.json: num_attention_heads: expected a divisor of hidden_size (4), as there is no"
            + " head_dim, got 3",
        tiny);
  }

  @Test
  void factorsOfScalingThatCannotBeAreNamedWithTheFile() {
    TinyLlama tiny = new TinyLlama();
    tiny.set("rope_scaling", LLAMA3.replace("4.0", "1.0"));
    refused(
        "config.json: rope_scaling: low_freq_factor (1.0) must be less than high_freq_factor (1.0)",
        tiny);
  }

  private static void refused(String message, TinyLlama tiny) {
    assertEquals(message, refusal(tiny).getMessage());
  }

  private static void refusedBeginning(String message, TinyLlama tiny) {
    assertTrue(refusal(tiny).getMessage().startsWith(message), refusal(tiny).getMessage());
  }

  private static InvalidInputException refusal(TinyLlama tiny) {
    return assertThrows(InvalidInputException.class, () -> ModelConfig.of(tiny.json()));
  }
}
