package dev.helix.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The embedded checkpoint against answers from an independent implementation, for every layout. */
class KnownAnswersTest {
  private static final List<ExpectedDecode> EXPECTED = ExpectedDecode.of("recall-gqa");

  static Stream<Arguments> layoutsAndPlacements() {
    List<Layout> layouts =
        Stream.of(1, 2, 4, 8)
            .flatMap(kvp -> Stream.of(1, 2, 4).map(tpa -> new int[] {kvp, tpa}))
            .filter(widths -> widths[0] * widths[1] <= 8)
            .map(widths -> Layout.dense(widths[0], widths[1]))
            .toList();
    List<PlacementRule> rules =
        List.of(
            PlacementRule.roundRobin(1), PlacementRule.roundRobin(16), PlacementRule.contiguous());
    return layouts.stream()
        .flatMap(layout -> rules.stream().map(rule -> Arguments.of(layout, rule)));
  }

  @ParameterizedTest
  @MethodSource("layoutsAndPlacements")
  void aRaggedBatchDecodesToTheKnownTokensAndLogits(Layout layout, PlacementRule rule) {
    List<DecodeRequest> requests =
        EXPECTED.stream()
            .map(answer -> new DecodeRequest(answer.prompt(), answer.newTokens().size()))
            .toList();
    DecodeResult result = decode(layout, rule, requests);
    for (int i = 0; i < EXPECTED.size(); i++) {
      assertIsTheKnownAnswer(EXPECTED.get(i), result.requests().get(i));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "4, 2", "8, 1"})
  void aRequestAloneDecodesAsInABatch(int kvp, int tpa) {
    for (ExpectedDecode answer : EXPECTED) {
      List<DecodeRequest> alone =
          List.of(new DecodeRequest(answer.prompt(), answer.newTokens().size()));
      DecodeResult result = decode(Layout.dense(kvp, tpa), PlacementRule.roundRobin(16), alone);
      assertIsTheKnownAnswer(answer, result.requests().get(0));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "3, 1, KVP × TPA (3 × 1 = 3) must divide the model's query heads (8)",
    "3, 2, KVP × TPA (3 × 2 = 6) must divide the model's query heads (8)",
    "1, 3, TPA (3) must divide the model's KV heads (4)",
    "1, 8, TPA (8) must divide the model's KV heads (4)",
    "8, 2, KVP × TPA (8 × 2 = 16) must divide the model's query heads (8)"
  })
  void aLayoutThatDoesNotDivideIsRefusedByItsRule(int kvp, int tpa, String rule) {
    List<DecodeRequest> requests = List.of(new DecodeRequest(List.of(1), 1));
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      InvalidInputException refusal =
          assertThrows(
              InvalidInputException.class,
              () ->
                  new DecodePlan(
                      checkpoint,
                      new HelixStrategy(Layout.dense(kvp, tpa), PlacementRule.contiguous()),
                      requests,
                      Recording.STEPS));
      assertEquals(rule, refusal.getMessage());
    }
  }

  private static DecodeResult decode(
      Layout layout, PlacementRule rule, List<DecodeRequest> requests) {
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      DecodePlan plan =
          new DecodePlan(checkpoint, new HelixStrategy(layout, rule), requests, Recording.STEPS);
      return new DecodeRun(new ThreadRanks())
          .decode(plan, new Fp64Reading(), new DecodeListener() {});
    }
  }

  private static void assertIsTheKnownAnswer(ExpectedDecode answer, DecodeResult.Request actual) {
    assertEquals(answer.newTokens(), actual.newTokens());
    ExpectedDecode.assertNear(answer.logitsAfterPrompt(), actual.logits().get(0));
    ExpectedDecode.assertNear(
        answer.logitsAtLastStep(), actual.logits().get(actual.logits().size() - 1));
  }
}
