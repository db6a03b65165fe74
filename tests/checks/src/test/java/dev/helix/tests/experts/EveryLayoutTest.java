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
import dev.helix.runtime.reading.CountingReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.report.OracleTable;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.verify.OracleCheck;
import dev.helix.runtime.verify.OracleComparison;
import dev.helix.runtime.verify.Verification;
import dev.helix.runtime.verify.Verifier;
import dev.helix.tensor.mesh.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Random small models with experts, of all kinds, under every legal (KVP, TPA, TPF, EP). */
class EveryLayoutTest {
  /** A kind of model, by the seed of its weights. */
  record Kind(String name, int experts, int maxTpa) {
    RandomModel model(long seed) {
      return switch (name) {
        case "mixtral" -> RandomModel.mixtral(seed, experts, 2);
        case "mixtral, top one" -> RandomModel.mixtral(seed, experts, 1);
        case "mixtral, one expert" -> RandomModel.mixtral(seed, 1, 1);
        case "mixtral, all experts" -> RandomModel.mixtral(seed, experts, experts);
        case "v2" -> RandomModel.deepSeek(seed, 2, false, true, true, 2);
        case "v3" -> RandomModel.deepSeek(seed, 3, true, true, false, 1);
        case "v3 with yarn" -> RandomModel.deepSeek(seed, 3, true, true, true, 1);
        case "v3 in halves, not shared" -> RandomModel.deepSeek(seed, 3, false, false, false, 0);
        default -> throw new AssertionError(name);
      };
    }
  }

  private static final List<Kind> KINDS =
      List.of(
          new Kind("mixtral", 4, 2),
          new Kind("mixtral, top one", 4, 2),
          new Kind("mixtral, one expert", 1, 2),
          new Kind("mixtral, all experts", 4, 2),
          new Kind("v2", 8, 1),
          new Kind("v3", 8, 1),
          new Kind("v3 with yarn", 8, 1),
          new Kind("v3 in halves, not shared", 8, 1));

  /** A model of a kind under a layout that it allows. */
  record Case(Kind kind, Layout layout, long seed, int requests, int runLength) {}

  @Provide
  Arbitrary<Case> cases() {
    Arbitrary<KindLayout> kinds =
        Arbitraries.of(
            KINDS.stream()
                .flatMap(kind -> legal(kind).stream().map(l -> new KindLayout(kind, l)))
                .toList());
    return Combinators.combine(
            kinds,
            Arbitraries.longs().between(0, 1000),
            Arbitraries.integers().between(1, 5),
            Arbitraries.integers().between(1, 5))
        .as((k, seed, requests, run) -> new Case(k.kind, k.layout, seed, requests, run));
  }

  private record KindLayout(Kind kind, Layout layout) {}

  static List<Layout> legal(Kind kind) {
    List<Layout> layouts = new ArrayList<>();
    for (int ranks : List.of(1, 2, 4)) {
      for (int tpa = 1; tpa <= Math.min(ranks, kind.maxTpa); tpa *= 2) {
        for (int ep = 1; ep <= Math.min(ranks, kind.experts); ep *= 2) {
          layouts.add(new Layout(ranks / tpa, tpa, ranks / ep, ep));
        }
      }
    }
    return layouts;
  }

  @Property(tries = 60, seed = "20250707", shrinking = ShrinkingMode.OFF)
  void everyLegalLayoutAgreesWithTheBaselineWithinTheBound(@ForAll("cases") Case given)
      throws IOException {
    Verification verification =
        verify(
            given.kind.model(given.seed),
            given.layout,
            PlacementRule.roundRobin(given.runLength),
            requests(given.requests, given.seed),
            new Fp64Reading());
    assertTrue(verification.passed(), () -> given + ": " + verification.failures());
    assertTrue(verification.routing().decisions() > 0);
    assertEquals(0, verification.routing().different());
  }

  @Example
  void theCountingReadingAgreesToo() throws IOException {
    for (Kind kind : List.of(KINDS.get(0), KINDS.get(6))) {
      Verification verification =
          verify(
              kind.model(5),
              new Layout(4, 1, 2, 2),
              PlacementRule.roundRobin(2),
              requests(3, 5),
              new CountingReading());
      assertTrue(verification.passed(), () -> kind + ": " + verification.failures());
    }
  }

  @Example
  void aBatchOfSixtyFourIsVerifiedWhateverTheOrderOfItsRequests() throws IOException {
    List<DecodeRequest> requests = new ArrayList<>(requests(64, 11));
    RandomModel model = KINDS.get(5).model(11);
    Layout layout = new Layout(4, 1, 2, 2);
    List<List<Integer>> tokens = tokens(model, layout, requests);
    Collections.reverse(requests);
    List<List<Integer>> reversed = new ArrayList<>(tokens(model, layout, requests));
    Collections.reverse(reversed);
    assertEquals(tokens, reversed);
  }

  @Example
  void relabellingExpertsAndWholeGroupsDecodesTheSame() throws IOException {
    Layout layout = new Layout(4, 1, 1, 4);
    List<DecodeRequest> requests = requests(4, 3);
    RandomModel plain = RandomModel.mixtral(3, 4, 2);
    List<List<Integer>> expected = tokens(plain, layout, requests);
    plain.relabelExperts("block_sparse_moe.", List.of(2, 0, 3, 1));
    assertEquals(expected, tokens(plain, layout, requests));

    RandomModel grouped = RandomModel.deepSeek(3, 3, true, true, false, 1);
    expected = tokens(grouped, layout, requests);
    // Groups (0, 1) (2, 3) (4, 5) (6, 7) in another order, and the experts within two of them.
    grouped.relabelExperts("mlp.", List.of(5, 4, 0, 1, 7, 6, 2, 3));
    assertEquals(expected, tokens(grouped, layout, requests));
  }

  private static List<List<Integer>> tokens(
      RandomModel model, Layout layout, List<DecodeRequest> requests) throws IOException {
    Path directory = Files.createTempDirectory("helix");
    try (Checkpoint checkpoint = Checkpoint.open(model.writeTo(directory))) {
      DecodePlan plan =
          new DecodePlan(
              checkpoint,
              new HelixStrategy(layout, PlacementRule.roundRobin(1)),
              requests,
              Recording.TAPS);
      DecodeResult result =
          new DecodeRun(new ThreadRanks()).decode(plan, new Fp64Reading(), new DecodeListener() {});
      Verification verification =
          Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {});
      assertTrue(verification.passed(), () -> verification.failures().toString());
      return result.requests().stream().map(DecodeResult.Request::newTokens).toList();
    } finally {
      delete(directory);
    }
  }

  private static Verification verify(
      RandomModel model,
      Layout layout,
      PlacementRule rule,
      List<DecodeRequest> requests,
      Reading<?> reading)
      throws IOException {
    Path directory = Files.createTempDirectory("helix");
    try (Checkpoint checkpoint = Checkpoint.open(model.writeTo(directory))) {
      DecodePlan plan =
          new DecodePlan(checkpoint, new HelixStrategy(layout, rule), requests, Recording.TAPS);
      DecodeResult result =
          new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {});
      return Verifier.verify(plan, result, result.taps().orElseThrow(), () -> {});
    } finally {
      delete(directory);
    }
  }

  /** The bounds of latent attention and of experts, against numbers that do not err. */
  @Example
  void everyPartIsWithinItsBoundOfFiftyDigits() throws IOException {
    for (Kind kind : KINDS) {
      Path directory = Files.createTempDirectory("helix");
      try (Checkpoint checkpoint = Checkpoint.open(kind.model(17).writeTo(directory))) {
        Layout layout = new Layout(2, 1, 2, 1);
        DecodePlan plan =
            new DecodePlan(
                checkpoint,
                new HelixStrategy(layout, PlacementRule.roundRobin(1)),
                requests(2, 5),
                Recording.TAPS);
        DecodeResult result =
            new DecodeRun(new ThreadRanks())
                .decode(plan, new Fp64Reading(), new DecodeListener() {});
        OracleComparison oracle =
            OracleCheck.compare(
                new DecodeRun(new ThreadRanks()),
                plan,
                result,
                result.taps().orElseThrow(),
                rows -> {});
        assertTrue(oracle.passed(), () -> kind + "\n" + OracleTable.of(oracle));
        assertEquals(0, oracle.otherExperts(), kind::toString);
      } finally {
        delete(directory);
      }
    }
  }

  static List<DecodeRequest> requests(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<DecodeRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Integer> prompt = new ArrayList<>();
      int length = 1 + random.nextInt(9);
      for (int j = 0; j < length; j++) {
        prompt.add(random.nextInt(RandomModel.VOCABULARY));
      }
      requests.add(new DecodeRequest(prompt, 1 + random.nextInt(4)));
    }
    return requests;
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
