package dev.helix.tests.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.ffn.helix.MoeExchange;
import dev.helix.ffn.helix.MoeExchange.Reduction;
import dev.helix.ffn.helix.MoeExchange.Router;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.MeteredReading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a rank sends in one decode step of recall-mla, against the formula, to the byte. */
class HelixBytesTest {
  private static final int BATCH = 3;
  private static final int HIDDEN = 128;
  private static final int HEADS = 8;
  private static final int LATENT = 64;
  private static final int EXPERTS = 8;
  private static final int VOCABULARY = 74;
  private static final int LAYERS = 4;
  private static final int EXPERT_LAYERS = 3;

  /** In front of each of the two tensors that cross together. */
  private static final int LENGTH_BYTES = 4;

  static Stream<Arguments> programs() {
    return layouts()
        .flatMap(
            layout ->
                Stream.of(Router.values())
                    .flatMap(
                        router ->
                            Stream.of(Reduction.values())
                                .map(reduction -> new MoeExchange(router, reduction)))
                    .map(exchange -> Arguments.of(layout, exchange)));
  }

  private static Stream<Layout> layouts() {
    return Stream.of(
        new Layout(1, 1, 1, 1),
        new Layout(2, 1, 1, 2),
        new Layout(4, 1, 2, 2),
        new Layout(8, 1, 8, 1),
        new Layout(8, 1, 4, 2),
        new Layout(8, 1, 2, 4),
        new Layout(8, 1, 1, 8));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void everyRankSendsTheBytesOfTheFormula(Layout layout, MoeExchange exchange) {
    List<DecodeRequest> requests =
        Stream.of(1, 2, 3).map(token -> new DecodeRequest(List.of(token), 1)).toList();
    MeteredReading<Fp64Tensor> reading = new MeteredReading<>(new Fp64Reading());
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-mla")) {
      DecodePlan plan =
          new DecodePlan(
              checkpoint,
              new HelixStrategy(layout, PlacementRule.roundRobin(1), false, exchange),
              requests,
              Recording.STEPS);
      new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {});
    }
    for (int rank = 0; rank < layout.ranks(); rank++) {
      assertEquals(expected(layout, exchange), reading.sent(rank), "rank " + rank);
    }
  }

  private static Map<String, Long> expected(Layout layout, MoeExchange exchange) {
    long n = layout.ranks();
    long stream = (long) BATCH * HIDDEN * Double.BYTES;
    // A rank sends each peer that peer's heads: latents and one LSE each.
    long headsOfPeer = (long) BATCH * (HEADS / n) * (LATENT + 1) * Double.BYTES;
    Map<String, Long> expected = new TreeMap<>();
    expected.put("allToAll by heads", LAYERS * (n - 1) * (headsOfPeer + 2 * LENGTH_BYTES));
    // Output projections and the dense FFN of the first layer; the experts of the others, routed
    // and shared, in one or each by itself. An all-reduce sends 2(g − 1)/g of the stream.
    boolean byGroup = exchange.reduction() == Reduction.BY_GROUP;
    long everywhere = 2L * (n - 1) * stream / n;
    long inGroup = 2L * (layout.tpf() - 1) * stream / layout.tpf();
    expected.put("allReduce", (2 * LAYERS - (byGroup ? EXPERT_LAYERS : 0)) * everywhere);
    if (byGroup) {
      expected.put("partialAllReduce", EXPERT_LAYERS * (everywhere + inGroup));
      expected.put("allGather by batch", (long) EXPERT_LAYERS * (layout.ep() - 1) * stream);
    }
    long logits = (long) BATCH * Double.BYTES;
    if (exchange.router() == Router.SPLIT) {
      expected.put("allGather by experts", EXPERT_LAYERS * (n - 1) * logits * (EXPERTS / n));
    }
    expected.put("allGather by vocabulary", (n - 1) * logits * ((VOCABULARY - 1) / n + 1));
    expected.values().removeIf(bytes -> bytes == 0);
    return expected;
  }
}
