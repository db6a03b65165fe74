package dev.helix.tests.experts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.report.LogitsDigest;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.DefinitionCheck;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.mesh.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Mixtral with {@code sliding_window}: the whole decode, against the baseline and the definition.
 */
class SlidingWindowTest {
  private static final int WINDOW = 5;

  private static final List<Layout> LAYOUTS =
      List.of(
          new Layout(1, 1, 1, 1),
          new Layout(2, 1, 1, 2),
          new Layout(2, 2, 2, 2),
          new Layout(4, 1, 4, 1));

  private static final List<PlacementRule> RULES =
      List.of(PlacementRule.roundRobin(1), PlacementRule.roundRobin(3), PlacementRule.contiguous());

  /** Shorter than the window, of just its length, and several times as long. */
  private static final List<DecodeRequest> REQUESTS =
      Stream.of(2, WINDOW, 23)
          .map(
              length ->
                  new DecodeRequest(
                      new SplittableRandom(length)
                          .ints(length, 0, RandomModel.VOCABULARY)
                          .boxed()
                          .toList(),
                      4))
          .toList();

  @TempDir private Path directory;
  private RandomModel model;

  @BeforeEach
  void aModelWithAWindow() {
    model = RandomModel.mixtral(17, 4, 2);
    model.set("sliding_window", WINDOW);
  }

  @Test
  void everyLayoutAgreesWithTheBaselineWithinTheBound() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(model.writeTo(directory))) {
      for (Layout layout : LAYOUTS) {
        for (PlacementRule rule : RULES) {
          DecodePlan plan =
              new DecodePlan(
                  checkpoint, new HelixStrategy(layout, rule, true), REQUESTS, Recording.TAPS);
          DecodeResult result =
              new DecodeRun(new ThreadRanks())
                  .decode(plan, new Fp64Reading(), new DecodeListener() {});
          Verification verification =
              Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {});
          assertTrue(verification.passed(), () -> layout + " " + rule + verification.failures());
        }
      }
    }
  }

  @Test
  void theExactReadingHasOneDigestThatIsDefined() throws IOException {
    Set<String> digests = new HashSet<>();
    try (Checkpoint checkpoint = Checkpoint.open(model.writeTo(directory))) {
      for (Layout layout : LAYOUTS) {
        for (PlacementRule rule : RULES) {
          DecodeResult result = exact(checkpoint, layout, rule);
          if (digests.isEmpty()) {
            assertEquals(Optional.empty(), DefinitionCheck.firstDifference(checkpoint, result));
          }
          digests.add(LogitsDigest.ofAll(result));
        }
      }
    }
    assertEquals(1, digests.size());
  }

  @Test
  void aWindowOfTheWholeContextIsNoneAndAShorterOneShows() throws IOException {
    String windowed = digest();
    model.set("sliding_window", 23 + 4);
    String wide = digest();
    model.set("sliding_window", null);
    assertEquals(digest(), wide);
    assertNotEquals(windowed, wide);
  }

  private String digest() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(model.writeTo(directory))) {
      return LogitsDigest.ofAll(
          exact(checkpoint, new Layout(2, 2, 4, 1), PlacementRule.roundRobin(2)));
    }
  }

  private static DecodeResult exact(Checkpoint checkpoint, Layout layout, PlacementRule rule) {
    DecodePlan plan =
        new DecodePlan(checkpoint, new HelixStrategy(layout, rule), REQUESTS, Recording.STEPS);
    return new DecodeRun(new ThreadRanks())
        .decode(plan, new ExactReading(), new DecodeListener() {});
  }
}
