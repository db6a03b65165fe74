package dev.helix.tests.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.decode.PlacementRule;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.report.LogitsDigest;
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
  private static final List<DecodeRequest> REQUESTS =
      List.of(
          new DecodeRequest(IntStream.range(0, 40).map(i -> 1 + i * 31 % 73).boxed().toList(), 6),
          new DecodeRequest(List.of(1, 33, 6, 5, 40), 9),
          new DecodeRequest(List.of(7), 3));

  /** SHA-256 of each request's logits. */
  private static final List<String> GOLDEN =
      List.of(
          "dd7aab42a1bb368cd51e3e9342357fd33afde017dce409bd63c093d94478e752",
          "e22ee4de135952e2ff254081f5509417688c4a5638f9e7e24903185c9a4ace90",
          "f29bf9fe79d3fb92f94ce2b8bf443486ff59257178f45cf824d8517627886f8c");

  private static final PlacementRule PAPER =
      PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH);

  static Stream<Arguments> layoutsAndPlacements() {
    return Stream.of(1, 2, 4, 8)
        .flatMap(kvp -> Stream.of(1, 2, 4).map(tpa -> new int[] {kvp, tpa}))
        .filter(widths -> widths[0] * widths[1] <= 8)
        .map(widths -> Layout.dense(widths[0], widths[1]))
        .flatMap(
            layout ->
                Stream.of(PAPER, PlacementRule.roundRobin(1), PlacementRule.contiguous())
                    .map(rule -> Arguments.of(layout, rule)));
  }

  @ParameterizedTest
  @MethodSource("layoutsAndPlacements")
  void everyLayoutAndPlacementGivesTheSameBits(Layout layout, PlacementRule rule) {
    assertEquals(GOLDEN, digests(decode(new ExactReading(), layout, rule, REQUESTS)));
  }

  @Test
  void theBitsAreThoseOfTheUnshardedDefinition() {
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      DecodeResult result = decode(new ExactReading(), Layout.dense(4, 2), PAPER, REQUESTS);
      assertEquals(Optional.empty(), DefinitionCheck.firstDifference(checkpoint, result));
    }
  }

  @Test
  void neitherCompanyNorOrderInTheBatchShowsInABit() {
    List<DecodeRequest> reversed = new ArrayList<>(REQUESTS);
    Collections.reverse(reversed);
    List<String> backwards = new ArrayList<>(GOLDEN);
    Collections.reverse(backwards);
    assertEquals(
        backwards, digests(decode(new ExactReading(), Layout.dense(2, 2), PAPER, reversed)));
    for (int i = 0; i < REQUESTS.size(); i++) {
      List<DecodeRequest> alone = List.of(REQUESTS.get(i));
      assertEquals(
          List.of(GOLDEN.get(i)),
          digests(decode(new ExactReading(), Layout.dense(4, 1), PAPER, alone)));
    }
  }

  @Test
  void theFp64ReadingDoesNotDoThis() {
    assertNotEquals(
        digests(decode(new Fp64Reading(), Layout.dense(1, 1), PAPER, REQUESTS)),
        digests(decode(new Fp64Reading(), Layout.dense(4, 2), PAPER, REQUESTS)));
  }

  @ParameterizedTest
  @MethodSource("roundingFaults")
  void whatIsRoundedBeforeAllHasArrivedShowsAndNoToleranceWouldSeeIt(Reading<?> faulty) {
    DecodeResult right = decode(new ExactReading(), Layout.dense(4, 2), PAPER, REQUESTS);
    DecodeResult wrong = decode(faulty, Layout.dense(4, 2), PAPER, REQUESTS);
    assertNotEquals(digests(right), digests(wrong));
    for (int request = 0; request < REQUESTS.size(); request++) {
      double[] expected = right.requests().get(request).logits().get(0);
      double[] actual = wrong.requests().get(request).logits().get(0);
      for (int i = 0; i < expected.length; i++) {
        assertTrue(Math.abs(expected[i] - actual[i]) < 1e-10, "logit " + i);
      }
    }
  }

  static Stream<Reading<?>> roundingFaults() {
    return Stream.of(EarlyRounding.ofAttentionStates(), EarlyRounding.ofPartialProjections());
  }

  private static DecodeResult decode(
      Reading<?> reading, Layout layout, PlacementRule rule, List<DecodeRequest> requests) {
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      DecodePlan plan = new DecodePlan(checkpoint, layout, rule, requests, false);
      return DecodeRun.decode(plan, reading, new DecodeListener() {});
    }
  }

  private static List<String> digests(DecodeResult result) {
    return result.requests().stream().map(r -> LogitsDigest.sha256(r.logits())).toList();
  }
}
