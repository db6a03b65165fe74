package dev.helix.tests.overlap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.mesh.Layout;
import dev.helix.tests.overlap.ObservedReading.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * HOP-B is splitting by request plus scheduling: with it and without, the same bits, the same
 * numbers on the wire and the same operations on numbers (Helix Parallelism §2, Fig. 3).
 */
class HopBLawsTest {
  private static final int VOCABULARY = 74;

  /** A batch on a layout. Requests that run out leave the batch, so that steps differ in width. */
  record Case(Layout layout, PlacementRule rule, List<DecodeRequest> requests) {
    DecodePlan plan(Checkpoint checkpoint, boolean hopB) {
      return new DecodePlan(
          checkpoint, new HelixStrategy(layout, rule, hopB), requests, Recording.STEPS);
    }
  }

  @Provide
  Arbitrary<Case> groupedQuery() {
    return cases(Layout.dense(1, 1), Layout.dense(2, 2), Layout.dense(4, 1), Layout.dense(4, 2));
  }

  @Provide
  Arbitrary<Case> latent() {
    return cases(new Layout(2, 1, 1, 2), new Layout(4, 1, 2, 2), new Layout(8, 1, 8, 1));
  }

  private static Arbitrary<Case> cases(Layout... layouts) {
    Arbitrary<PlacementRule> rules =
        Arbitraries.of(
            PlacementRule.roundRobin(1), PlacementRule.roundRobin(3), PlacementRule.contiguous());
    return Combinators.combine(Arbitraries.of(layouts), rules, Arbitraries.longs())
        .as((layout, rule, seed) -> new Case(layout, rule, requests(new SplittableRandom(seed))));
  }

  /** Prompts of 1 to 12 tokens, one of which has only one: most shards are then empty. */
  private static List<DecodeRequest> requests(SplittableRandom random) {
    List<DecodeRequest> requests = new ArrayList<>();
    int count = 2 + random.nextInt(3);
    int shortest = random.nextInt(count);
    for (int i = 0; i < count; i++) {
      int length = i == shortest ? 1 : 1 + random.nextInt(12);
      List<Integer> prompt = random.ints(length, 0, VOCABULARY).boxed().toList();
      requests.add(new DecodeRequest(prompt, 1 + random.nextInt(3)));
    }
    return requests;
  }

  @Property(tries = 3, seed = "7120", shrinking = ShrinkingMode.OFF)
  void noBitOfGroupedQueryAttentionChanges(@ForAll("groupedQuery") Case given) {
    for (Supplier<Reading<?>> reading :
        List.<Supplier<Reading<?>>>of(Fp64Reading::new, ExactReading::new, CountingReading::new)) {
      assertSameBits("recall-gqa", given, reading);
    }
  }

  @Property(tries = 3, seed = "7121", shrinking = ShrinkingMode.OFF)
  void noBitOfLatentAttentionChanges(@ForAll("latent") Case given) {
    assertSameBits("recall-mla", given, Fp64Reading::new);
    assertSameBits("recall-mla", given, CountingReading::new);
  }

  @Example
  void theSameOperationsOnNumbersAreDone() {
    Case given = new Case(Layout.dense(4, 2), PlacementRule.roundRobin(3), ragged());
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      CountingReading together = new CountingReading();
      CountingReading apart = new CountingReading();
      new DecodeRun(new ThreadRanks())
          .decode(given.plan(checkpoint, false), together, new DecodeListener() {});
      new DecodeRun(new ThreadRanks())
          .decode(given.plan(checkpoint, true), apart, new DecodeListener() {});
      for (int rank = 0; rank < 8; rank++) {
        assertEquals(together.counts(rank), apart.counts(rank), "rank " + rank);
      }
    }
  }

  @Example
  void eachRequestHasItsLaunchesAndTheNumbersOnTheWireAreTheSame() {
    assertSplit("recall-gqa", Layout.dense(4, 2), "flashDecode");
    assertSplit("recall-mla", new Layout(8, 1, 4, 2), "flashDecodeLatent");
  }

  private static void assertSplit(String model, Layout layout, String decode) {
    Case given = new Case(layout, PlacementRule.roundRobin(1), ragged());
    Seen together = observed(model, given, false);
    Seen apart = observed(model, given, true);
    // Three requests in the first step, two in the second, one in the third; four layers.
    long steps = 3;
    long requests = 3 + 2 + 1;
    for (String operation : List.of(decode, "allToAll", "mergeByLse")) {
      assertEquals(4 * steps, together.launches(operation), operation);
      assertEquals(4 * requests, apart.launches(operation), operation);
    }
    for (String operation : List.of("linear", "partialLinear", "allReduce")) {
      assertEquals(together.launches(operation), apart.launches(operation), operation);
    }
    assertEquals(together.numbersInAllToAll(), apart.numbersInAllToAll());
    // An exchange waits for nothing but its own request: none is behind the first merge.
    List<String> first = apart.firstStepOfLayer0(decode, "allToAll", "mergeByLse");
    List<String> expected = new ArrayList<>();
    for (int request = 0; request < 3; request++) {
      expected.addAll(List.of(decode, "allToAll"));
    }
    expected.addAll(List.of("mergeByLse", "mergeByLse", "mergeByLse"));
    assertEquals(expected, first);
  }

  private static List<DecodeRequest> ragged() {
    return List.of(
        new DecodeRequest(List.of(1, 2, 3, 4, 5), 2),
        new DecodeRequest(List.of(6), 3),
        new DecodeRequest(List.of(7, 8), 1));
  }

  private static Seen observed(String model, Case given, boolean hopB) {
    ObservedReading reading = new ObservedReading();
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      new DecodeRun(new ThreadRanks())
          .decode(given.plan(checkpoint, hopB), reading, new DecodeListener() {});
    }
    return reading.seen(1);
  }

  private static void assertSameBits(String model, Case given, Supplier<Reading<?>> reading) {
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      DecodeResult together = decode(given.plan(checkpoint, false), reading.get());
      DecodeResult apart = decode(given.plan(checkpoint, true), reading.get());
      for (int request = 0; request < given.requests().size(); request++) {
        List<double[]> expected = together.requests().get(request).logits();
        List<double[]> actual = apart.requests().get(request).logits();
        assertTrue(expected.size() > 0);
        assertEquals(expected.size(), actual.size());
        for (int step = 0; step < expected.size(); step++) {
          assertArrayEquals(bits(expected.get(step)), bits(actual.get(step)), given.toString());
        }
      }
    }
  }

  private static DecodeResult decode(DecodePlan plan, Reading<?> reading) {
    return new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {});
  }

  private static long[] bits(double[] numbers) {
    return Stream.of(numbers)
        .flatMapToLong(a -> java.util.Arrays.stream(a).mapToLong(Double::doubleToRawLongBits))
        .toArray();
  }
}
