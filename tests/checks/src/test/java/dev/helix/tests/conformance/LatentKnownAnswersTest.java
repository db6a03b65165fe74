package dev.helix.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.QueryToken;
import dev.helix.ffn.Routing;
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
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Latent attention and experts against answers from an independent implementation, which absorbs
 * nothing and shards nothing, for every layout.
 */
class LatentKnownAnswersTest {
  private static final List<ExpectedDecode> EXPECTED = ExpectedDecode.of("recall-mla");

  static Stream<Layout> layouts() {
    return Stream.of(1, 2, 4, 8)
        .flatMap(
            ranks ->
                Stream.of(1, 2, 4, 8)
                    .filter(ep -> ranks % ep == 0)
                    .map(ep -> new Layout(ranks, 1, ranks / ep, ep)));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void aRaggedBatchDecodesToTheKnownTokensAndLogits(Layout layout) {
    DecodeResult result = decode(layout, PlacementRule.roundRobin(3), false);
    for (int i = 0; i < EXPECTED.size(); i++) {
      ExpectedDecode answer = EXPECTED.get(i);
      DecodeResult.Request actual = result.requests().get(i);
      assertEquals(answer.newTokens(), actual.newTokens());
      ExpectedDecode.assertNear(answer.logitsAfterPrompt(), actual.logits().get(0));
      ExpectedDecode.assertNear(
          answer.logitsAtLastStep(), actual.logits().get(actual.logits().size() - 1));
    }
  }

  @Test
  void theExpertsChosenAreTheKnownOnes() {
    DecodeResult result = decode(new Layout(8, 1, 4, 2), PlacementRule.contiguous(), true);
    assertTrue(result.rankDifference().isEmpty(), () -> result.rankDifference().toString());
    for (int request = 0; request < EXPECTED.size(); request++) {
      ExpectedDecode answer = EXPECTED.get(request);
      int last = answer.prompt().size() + answer.newTokens().size() - 2;
      for (Map.Entry<String, List<Integer>> layer : answer.routingAtLastPosition().entrySet()) {
        Routing.Choice choice =
            result
                .taps()
                .orElseThrow()
                .choice(Integer.parseInt(layer.getKey()), new QueryToken(request, last))
                .orElseThrow();
        assertEquals(
            layer.getValue().stream().sorted().toList(),
            choice.experts().stream().sorted().toList(),
            "layer " + layer.getKey());
      }
    }
  }

  private static DecodeResult decode(Layout layout, PlacementRule rule, boolean recorded) {
    List<DecodeRequest> requests =
        EXPECTED.stream()
            .map(answer -> new DecodeRequest(answer.prompt(), answer.newTokens().size()))
            .toList();
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-mla")) {
      DecodePlan plan =
          new DecodePlan(
              checkpoint,
              new HelixStrategy(layout, rule),
              requests,
              recorded ? Recording.TAPS : Recording.STEPS);
      return new DecodeRun(new ThreadRanks())
          .decode(plan, new Fp64Reading(), new DecodeListener() {});
    }
  }
}
