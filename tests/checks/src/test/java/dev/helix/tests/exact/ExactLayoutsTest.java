package dev.helix.tests.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.ffn.helix.MoeExchange;
import dev.helix.ffn.helix.MoeExchange.Reduction;
import dev.helix.ffn.helix.MoeExchange.Router;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.report.LogitsDigest;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.DefinitionCheck;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The digests of the exact reading's logits are one value each, on every layout, machine and JDK.
 * They are kept here: a change of one bit anywhere in the reading or its definition fails.
 */
class ExactLayoutsTest {
  private static final Golden RECALL_GQA =
      new Golden(
          "recall-gqa",
          List.of(
              "dd7aab42a1bb368cd51e3e9342357fd33afde017dce409bd63c093d94478e752",
              "e22ee4de135952e2ff254081f5509417688c4a5638f9e7e24903185c9a4ace90",
              "f29bf9fe79d3fb92f94ce2b8bf443486ff59257178f45cf824d8517627886f8c"));

  private static final Golden RECALL_MLA =
      new Golden(
          "recall-mla",
          List.of(
              "f07510f4f1d0a0db3cf61e2e91b84e3eb0de5a8e15a665a7ebf3423cefdc8b78",
              "9a5c6d571741af9fe690500bc48c540f744436a252527db6a8e0008809710315",
              "cf4e652516d4a8a7bd3f7bd504fb02c8e02a649461bf76b176141feb6080c44d"));

  /** An embedded model, and the SHA-256 of each request's logits. */
  record Golden(String model, List<String> digests) {
    /** All legal layouts of up to 8 ranks. */
    Stream<Layout> layouts() {
      return Stream.of(1, 2, 4, 8)
          .flatMap(
              kvp ->
                  equals(RECALL_GQA)
                      ? Stream.of(1, 2, 4)
                          .filter(tpa -> kvp * tpa <= 8)
                          .map(tpa -> Layout.dense(kvp, tpa))
                      : Stream.of(1, 2, 4, 8)
                          .filter(ep -> ep <= kvp)
                          .map(ep -> new Layout(kvp, 1, kvp / ep, ep)));
    }

    /** One layout that splits everything. */
    Layout split() {
      return equals(RECALL_GQA) ? Layout.dense(4, 2) : new Layout(4, 1, 2, 2);
    }
  }

  private static final List<DecodeRequest> REQUESTS =
      List.of(
          new DecodeRequest(IntStream.range(0, 40).map(i -> 1 + i * 31 % 73).boxed().toList(), 6),
          new DecodeRequest(List.of(1, 33, 6, 5, 40), 9),
          new DecodeRequest(List.of(7), 3));

  private static final PlacementRule PAPER =
      PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH);

  static Stream<Golden> models() {
    return Stream.of(RECALL_GQA, RECALL_MLA);
  }

  static Stream<Arguments> layoutsAndPlacements() {
    return models()
        .flatMap(
            golden ->
                golden
                    .layouts()
                    .flatMap(
                        layout ->
                            placements(layout).map(rule -> Arguments.of(golden, layout, rule))));
  }

  /** A cache that is whole has one placement; that of the experts has no part in it. */
  private static Stream<PlacementRule> placements(Layout layout) {
    return layout.kvp() == 1 || layout.ep() > 1
        ? Stream.of(PAPER)
        : Stream.of(PAPER, PlacementRule.roundRobin(1), PlacementRule.contiguous());
  }

  @ParameterizedTest
  @MethodSource("layoutsAndPlacements")
  void everyLayoutAndPlacementGivesTheSameBits(Golden golden, Layout layout, PlacementRule rule) {
    assertEquals(
        golden.digests(), digests(decode(golden, new ExactReading(), layout, rule, REQUESTS)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void theBitsAreThoseOfTheUnshardedDefinition(Golden golden) {
    try (Checkpoint checkpoint = Checkpoint.embedded(golden.model())) {
      DecodeResult result = decode(golden, new ExactReading(), golden.split(), PAPER, REQUESTS);
      assertEquals(Optional.empty(), DefinitionCheck.firstDifference(checkpoint, result));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void neitherCompanyNorOrderInTheBatchShowsInABit(Golden golden) {
    List<DecodeRequest> reversed = new ArrayList<>(REQUESTS);
    Collections.reverse(reversed);
    List<String> backwards = new ArrayList<>(golden.digests());
    Collections.reverse(backwards);
    assertEquals(
        backwards, digests(decode(golden, new ExactReading(), golden.split(), PAPER, reversed)));
    for (int i = 0; i < REQUESTS.size(); i++) {
      List<DecodeRequest> alone = List.of(REQUESTS.get(i));
      assertEquals(
          List.of(golden.digests().get(i)),
          digests(decode(golden, new ExactReading(), Layout.dense(4, 1), PAPER, alone)));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void neitherDoesTheTimeAtWhichRanksComeToTheirExchanges(Golden golden) {
    for (long seed = 0; seed < 2; seed++) {
      Reading<?> late = new SlowLinks(seed);
      PlacementRule rule = PlacementRule.roundRobin(5);
      assertEquals(golden.digests(), digests(decode(golden, late, golden.split(), rule, REQUESTS)));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void neitherDoesAnExchangeForEachRequest(Golden golden) {
    try (Checkpoint checkpoint = Checkpoint.embedded(golden.model())) {
      DecodePlan plan =
          new DecodePlan(
              checkpoint,
              new HelixStrategy(golden.split(), PAPER, true),
              REQUESTS,
              Recording.STEPS);
      DecodeResult result =
          new DecodeRun(new ThreadRanks())
              .decode(plan, new ExactReading(), new DecodeListener() {});
      assertEquals(golden.digests(), digests(result));
    }
  }

  @Test
  void theFp64ReadingDoesNotDoThis() {
    for (Golden golden : models().toList()) {
      assertNotEquals(
          digests(decode(golden, new Fp64Reading(), Layout.dense(1, 1), PAPER, REQUESTS)),
          digests(decode(golden, new Fp64Reading(), golden.split(), PAPER, REQUESTS)));
    }
  }

  @ParameterizedTest
  @MethodSource("roundingFaults")
  void whatIsRoundedBeforeAllHasArrivedShowsAndNoToleranceWouldSeeIt(
      Golden golden, Reading<?> faulty) {
    DecodeResult right = decodeByGroup(golden, new ExactReading());
    DecodeResult wrong = decodeByGroup(golden, faulty);
    assertNotEquals(digests(right), digests(wrong));
    for (int request = 0; request < REQUESTS.size(); request++) {
      double[] expected = right.requests().get(request).logits().get(0);
      double[] actual = wrong.requests().get(request).logits().get(0);
      for (int i = 0; i < expected.length; i++) {
        assertTrue(Math.abs(expected[i] - actual[i]) < 1e-10, "logit " + i);
      }
    }
  }

  static Stream<Arguments> roundingFaults() {
    return Stream.of(
        Arguments.of(RECALL_GQA, EarlyRounding.ofAttentionStates()),
        Arguments.of(RECALL_GQA, EarlyRounding.ofPartialProjections()),
        Arguments.of(RECALL_MLA, EarlyRounding.ofAttentionStates()),
        Arguments.of(RECALL_MLA, EarlyRounding.ofPartialProjections()),
        Arguments.of(RECALL_MLA, EarlyRounding.ofExpertGroups()));
  }

  /** With the reduction of experts that has the most sums on their way. */
  private static DecodeResult decodeByGroup(Golden golden, Reading<?> reading) {
    MoeExchange byGroup = new MoeExchange(Router.SPLIT, Reduction.BY_GROUP);
    try (Checkpoint checkpoint = Checkpoint.embedded(golden.model())) {
      DecodePlan plan =
          new DecodePlan(
              checkpoint,
              new HelixStrategy(golden.split(), PAPER, false, byGroup),
              REQUESTS,
              Recording.STEPS);
      return new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {});
    }
  }

  private static DecodeResult decode(
      Golden golden,
      Reading<?> reading,
      Layout layout,
      PlacementRule rule,
      List<DecodeRequest> requests) {
    try (Checkpoint checkpoint = Checkpoint.embedded(golden.model())) {
      DecodePlan plan =
          new DecodePlan(checkpoint, new HelixStrategy(layout, rule), requests, Recording.STEPS);
      return new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {});
    }
  }

  private static List<String> digests(DecodeResult result) {
    return result.requests().stream().map(r -> LogitsDigest.sha256(r.logits())).toList();
  }
}
