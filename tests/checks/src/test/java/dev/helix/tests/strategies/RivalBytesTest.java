package dev.helix.tests.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.MeteredReading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a rank of each rival sends in one step of recall-mla, against the formula, to the byte. */
class RivalBytesTest {
  private static final int BATCH = 4;
  private static final int HIDDEN = 128;
  private static final int HEADS = 8;
  private static final int LATENT = 64;
  private static final int EXPERTS = 8;
  private static final int VOCABULARY = 74;
  private static final int LAYERS = 4;
  private static final int DENSE_LAYERS = 1;

  /** In front of a payload and of a number of rows. */
  private static final int INT = Integer.BYTES;

  private static final PlacementRule EACH_TURN = PlacementRule.roundRobin(1);
  private static final List<DecodeRequest> REQUESTS =
      IntStream.rangeClosed(1, BATCH)
          .mapToObj(token -> new DecodeRequest(List.of(token), 1))
          .toList();

  @ParameterizedTest
  @CsvSource({"1", "2", "4", "8"})
  void tensorParallelRanksSendTwoAllReducesALayer(int n) {
    Run run = run(new TensorParallelStrategy(Layout.dense(1, n)));
    for (int rank = 0; rank < n; rank++) {
      Map<String, Long> expected = new TreeMap<>();
      expected.put("allReduce", 2 * LAYERS * allReduce(BATCH, n));
      expected.put("allGather by vocabulary", logits(BATCH, n));
      run.assertSent(rank, expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 2, 1", "2, 2, 2", "4, 2, 4"})
  void stagesSendTheirLayersAllReducesAndHandOnTheStream(int pp, int tpa, int microBatches) {
    Run run = run(new PipelineStrategy(pp, Layout.dense(1, tpa), microBatches));
    for (int rank = 0; rank < pp * tpa; rank++) {
      boolean last = rank / tpa == pp - 1;
      Map<String, Long> expected = new TreeMap<>();
      expected.put("allReduce", 2 * LAYERS / pp * allReduce(BATCH, tpa));
      expected.put("pointToPoint", last ? 0 : stream(BATCH));
      expected.put("allGather by vocabulary", last ? logits(BATCH, tpa) : 0);
      run.assertSent(rank, expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"4, 1, 1", "4, 1, 4", "4, 2, 2", "2, 2, 4"})
  void medhaSendsTheStreamOutAndPartialStatesIn(int kvp, int tpa, int width) {
    Run run = run(new MedhaStrategy(kvp, tpa, width, 1, EACH_TURN));
    int owners = width / tpa;
    for (int rank = 0; rank < kvp * tpa; rank++) {
      boolean fixed = rank % kvp < owners;
      long state = (long) BATCH * HEADS / width * (LATENT + 1) * Double.BYTES + 2 * INT;
      Map<String, Long> expected = new TreeMap<>();
      expected.put(
          "broadcast", rank == 0 ? (long) LAYERS * (kvp * tpa - width) * stream(BATCH) : 0);
      String exchange = owners == kvp ? "allToAll by heads" : "gatherBlocks";
      expected.put(exchange, (long) LAYERS * (owners - (fixed ? 1 : 0)) * state);
      expected.put("allReduce", fixed ? 2 * LAYERS * allReduce(BATCH, width) : 0);
      expected.put("allGather by vocabulary", fixed ? logits(BATCH, width) : 0);
      run.assertSent(rank, expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "4, 1", "2, 2", "1, 4", "2, 4"})
  void dataParallelRanksSendEachTokenOnceToEachOtherRankOfItsExperts(int dp, int kvp) {
    int ranks = dp * kvp;
    Run run = run(new DataParallelStrategy(dp, kvp, 1, EACH_TURN, false));
    for (int rank = 0; rank < ranks; rank++) {
      int held = BATCH / dp;
      long rows = 0;
      for (int layer = DENSE_LAYERS; layer < LAYERS; layer++) {
        for (int peer = 0; peer < ranks; peer++) {
          if (peer != rank) {
            long sent = run.travelling(layer, rank, peer, dp, kvp);
            long returned = run.travelling(layer, peer, rank, dp, kvp);
            rows += INT + sent * (2 * INT + (HIDDEN + EXPERTS) * Double.BYTES);
            rows += INT + returned * (INT + HIDDEN * Double.BYTES);
          }
        }
      }
      long heads = (long) held * HEADS / kvp * (LATENT + 1) * Double.BYTES + 2 * INT;
      Map<String, Long> expected = new TreeMap<>();
      expected.put("allToAll by heads", (long) LAYERS * (kvp - 1) * heads);
      expected.put("allReduce", 2 * LAYERS * allReduce(held, kvp));
      expected.put("exchangeCounts", (LAYERS - DENSE_LAYERS) * (ranks - 1L) * INT);
      expected.put("allToAllRows", rows);
      expected.put("allGather by vocabulary", logits(held, kvp));
      run.assertSent(rank, expected);
    }
  }

  @Test
  void oneRankSendsNothingUnderAnyStrategy() {
    for (Strategy strategy :
        List.of(
            new TensorParallelStrategy(Layout.dense(1, 1)),
            new PipelineStrategy(1, Layout.dense(1, 1), 2),
            new DataParallelStrategy(1, 1, 1, EACH_TURN, false),
            new MedhaStrategy(1, 1, 1, 1, EACH_TURN))) {
      run(strategy).assertSent(0, Map.of());
    }
  }

  private static long stream(int rows) {
    return (long) rows * HIDDEN * Double.BYTES;
  }

  /** Reduce-scatter and all-gather of (n − 1)/n of the stream each. */
  private static long allReduce(int rows, int n) {
    return 2L * (n - 1) * stream(rows) / n;
  }

  private static long logits(int rows, int n) {
    return (n - 1L) * rows * Double.BYTES * ((VOCABULARY - 1) / n + 1);
  }

  private static Run run(Strategy strategy) {
    MeteredReading<Fp64Tensor> reading = new MeteredReading<>(new Fp64Reading());
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-mla")) {
      DecodePlan plan = new DecodePlan(checkpoint, strategy, REQUESTS, Recording.TAPS);
      return new Run(
          reading, new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {}));
    }
  }

  private record Run(MeteredReading<Fp64Tensor> reading, DecodeResult result) {
    void assertSent(int rank, Map<String, Long> expected) {
      Map<String, Long> sent = new TreeMap<>(reading.sent(rank));
      sent.values().removeIf(bytes -> bytes == 0);
      Map<String, Long> without = new TreeMap<>(expected);
      without.values().removeIf(bytes -> bytes == 0);
      assertEquals(without, sent, "rank " + rank);
    }

    /** Tokens of one rank that have an expert on another: request r is of group r mod DP. */
    long travelling(int layer, int from, int to, int dp, int kvp) {
      int local = EXPERTS / (dp * kvp);
      List<Integer> held =
          IntStream.range(0, BATCH).filter(r -> r % dp == from / kvp).boxed().toList();
      int member = from % kvp;
      return held.subList(held.size() * member / kvp, held.size() * (member + 1) / kvp).stream()
          .filter(
              request ->
                  result
                      .taps()
                      .orElseThrow()
                      .choice(layer, new QueryToken(request, 0))
                      .orElseThrow()
                      .experts()
                      .stream()
                      .anyMatch(expert -> expert / local == to))
          .count();
    }
  }
}
