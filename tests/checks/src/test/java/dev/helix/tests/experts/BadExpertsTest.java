package dev.helix.tests.experts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be wrong with a checkpoint of latent attention and experts, or with its layout. */
class BadExpertsTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "4, 2, 8, 1, MLA has one latent KV head: TPA must be 1",
    "3, 1, 3, 1, KVP × TPA (3 × 1 = 3) must divide the model's query heads (8)",
    "8, 1, 4, 1, 'KVP × TPA (8 × 1 = 8) must equal TPF × EP (4 × 1 = 4): the same ranks serve both"
        + " phases'"
  })
  void aLayoutThatDoesNotFitIsRefusedByItsRule(int kvp, int tpa, int tpf, int ep, String rule) {
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-mla")) {
      InvalidInputException refusal =
          assertThrows(
              InvalidInputException.class, () -> plan(checkpoint, new Layout(kvp, tpa, tpf, ep)));
      assertEquals(rule, refusal.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 6})
  void expertsThatEpDoesNotDivideAreRefusedByRule(int experts) throws IOException {
    RandomModel model = RandomModel.mixtral(1, experts, 2);
    try (Checkpoint checkpoint = Checkpoint.open(model.writeTo(directory))) {
      InvalidInputException refusal =
          assertThrows(InvalidInputException.class, () -> plan(checkpoint, new Layout(4, 1, 1, 4)));
      assertEquals(
          "EP (4) must divide the model's experts (" + experts + ")", refusal.getMessage());
    }
  }

  static Stream<Arguments> wrongCheckpoints() {
    return Stream.of(
        wrong(
            "experts for a token (5) must be at most the experts of the kept groups (2 × 2 = 4)",
            model -> model.set("num_experts_per_tok", 5)),
        wrong("expert groups (3) must divide the experts (8)", model -> model.set("n_group", 3)),
        wrong(
            "kept expert groups (5) must be at most the groups (4)",
            model -> model.set("topk_group", 5)),
        wrong(
            "weight model.layers.1.mlp.experts.7.up_proj.weight: expected shape [8, 12], got"
                + " nothing",
            model -> model.remove("model.layers.1.mlp.experts.7.up_proj.weight")),
        wrong("scoring_func: expected sigmoid", model -> model.set("scoring_func", "tanh")),
        wrong("topk_method: expected noaux_tc", model -> model.set("topk_method", "greedy")),
        wrong("moe_layer_freq: expected 1", model -> model.set("moe_layer_freq", 2)),
        wrong(
            "quant_method: expected fp8",
            model -> model.set("quantization_config", Map.of("quant_method", "awq"))),
        wrong(
            "weight_block_size: expected [128, 128]",
            model ->
                model.set(
                    "quantization_config",
                    Map.of("quant_method", "fp8", "weight_block_size", List.of(64, 64)))),
        wrong("kv_lora_rank: expected an integer", model -> model.set("kv_lora_rank", "x")));
  }

  @ParameterizedTest
  @MethodSource("wrongCheckpoints")
  void aWrongCheckpointIsRefusedInOneLine(String expected, Consumer<RandomModel> change)
      throws IOException {
    RandomModel model = RandomModel.deepSeek(1, 3, true, true, false, 1);
    change.accept(model);
    Path written = model.writeTo(directory);
    InvalidInputException refusal =
        assertThrows(InvalidInputException.class, () -> Checkpoint.open(written));
    assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
    assertEquals(1, refusal.getMessage().lines().count());
  }

  private static Arguments wrong(String expected, Consumer<RandomModel> change) {
    return Arguments.of(expected, change);
  }

  private static DecodePlan plan(Checkpoint checkpoint, Layout layout) {
    List<DecodeRequest> requests = List.of(new DecodeRequest(List.of(1), 1));
    return new DecodePlan(
        checkpoint,
        new HelixStrategy(layout, PlacementRule.contiguous()),
        requests,
        Recording.STEPS);
  }
}
