package dev.helix.tests.experts;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.report.LogitsDigest;
import dev.helix.runtime.report.OracleTable;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.DefinitionCheck;
import dev.helix.runtime.verify.OracleCheck;
import dev.helix.runtime.verify.OracleComparison;
import dev.helix.tensor.mesh.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The exact reading on small random models of every kind, whose weights have all 53 bits: one
 * digest on all layouts, the definition's bits, and errors of a part against 50 digits.
 */
class ExactModelsTest {
  private Path directory;

  @BeforeEach
  void createDirectory() throws IOException {
    directory = Files.createTempDirectory("helix");
  }

  @AfterEach
  void deleteDirectory() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  static Stream<Arguments> models() {
    return Stream.of(
        Arguments.of("GQA and experts", RandomModel.mixtral(23, 4, 2), 2),
        Arguments.of("MLA, V2", RandomModel.deepSeek(23, 2, false, true, true, 2), 1),
        Arguments.of("MLA, V3", RandomModel.deepSeek(23, 3, true, true, true, 1), 1),
        Arguments.of("MLA, none shared", RandomModel.deepSeek(23, 3, false, false, false, 0), 1));
  }

  /** Fifty digits take their time: one model of each attention. */
  static Stream<Arguments> twoModels() {
    List<Arguments> all = models().toList();
    return Stream.of(all.get(0), all.get(2));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void everyLayoutHasTheBitsOfTheDefinition(String name, RandomModel model, int maxTpa)
      throws IOException {
    List<DecodeRequest> requests = EveryLayoutTest.requests(3, 7);
    Set<String> digests = new HashSet<>();
    try (Checkpoint checkpoint = Checkpoint.open(model.writeTo(directory))) {
      for (int kvp : List.of(1, 2, 4)) {
        for (int ranks = kvp; ranks <= Math.min(4, kvp * maxTpa); ranks *= 2) {
          for (int ep = 1; ep <= ranks; ep *= 2) {
            Layout layout = new Layout(kvp, ranks / kvp, ranks / ep, ep);
            DecodeResult result =
                decode(plan(checkpoint, layout, requests, Recording.STEPS), new ExactReading());
            digests.add(LogitsDigest.ofAll(result));
            if (ranks == 4 && ep == 2) {
              assertEquals(
                  Optional.empty(), DefinitionCheck.firstDifference(checkpoint, result), name);
            }
          }
        }
      }
    }
    assertEquals(1, digests.size(), name);
  }

  /**
   * The bounds are those that were derived for the {@code fp64} reading and the baseline together:
   * how far any order of the same sums may err. A bound of the exact reading alone would be smaller
   * by what that reading does not round; there is none here.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("twoModels")
  void everyPartIsWithinItsBoundOfFiftyDigits(String name, RandomModel model, int maxTpa)
      throws IOException {
    List<DecodeRequest> requests = EveryLayoutTest.requests(2, 5);
    Layout layout = new Layout(2, 1, 1, 2);
    try (Checkpoint checkpoint = Checkpoint.open(model.writeTo(directory))) {
      OracleComparison exact = oracle(checkpoint, new ExactReading(), layout, requests);
      OracleComparison fp64 = oracle(checkpoint, new Fp64Reading(), layout, requests);
      assertTrue(exact.passed(), () -> name + "\n" + OracleTable.of(exact));
      assertEquals(0, exact.otherExperts(), name);
      System.out.printf(
          "%s, against 50 digits: exact %.1f ulp, at most %.2g of a bound; fp64 %.1f ulp, %.2g%n",
          name, exact.worstUlp(), exact.worstShare(), fp64.worstUlp(), fp64.worstShare());
    }
  }

  private static OracleComparison oracle(
      Checkpoint checkpoint, Reading<?> reading, Layout layout, List<DecodeRequest> requests) {
    DecodePlan plan = plan(checkpoint, layout, requests, Recording.TAPS);
    DecodeResult result = decode(plan, reading);
    return OracleCheck.compare(
        new DecodeRun(new ThreadRanks()), plan, result, result.taps().orElseThrow(), rows -> {});
  }

  private static DecodePlan plan(
      Checkpoint checkpoint, Layout layout, List<DecodeRequest> requests, Recording recording) {
    Strategy strategy = new HelixStrategy(layout, PlacementRule.roundRobin(1));
    return new DecodePlan(checkpoint, strategy, requests, recording);
  }

  private static DecodeResult decode(DecodePlan plan, Reading<?> reading) {
    return new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {});
  }
}
