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
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a rank of each rival sends in one step of both models, against the formula, to the byte. */
class RivalBytesTest {
  private static final int BATCH = 4;
  private static final PlacementRule EACH_TURN = PlacementRule.roundRobin(1);

  static Stream<Arguments> runs() {
    return Stream.concat(
        Stream.of(
                tensorParallel(1),
                tensorParallel(2),
                tensorParallel(8),
                new PipelineStrategy(2, Layout.dense(1, 2), 2),
                new PipelineStrategy(4, Layout.dense(1, 2), 4),
                new MedhaStrategy(4, 1, 1, 1, EACH_TURN),
                new MedhaStrategy(4, 1, 4, 1, EACH_TURN),
                new MedhaStrategy(4, 2, 2, 1, EACH_TURN),
                new MedhaStrategy(1, 1, 1, 1, EACH_TURN),
                dataParallel(1, 1, 1),
                dataParallel(4, 1, 1),
                dataParallel(2, 2, 1),
                dataParallel(1, 4, 1),
                dataParallel(2, 4, 1))
            .map(strategy -> Arguments.of("recall-mla", strategy)),
        Stream.of(
                tensorParallel(8),
                new PipelineStrategy(3, Layout.dense(1, 2), 3),
                new MedhaStrategy(2, 4, 8, 1, EACH_TURN),
                new MedhaStrategy(4, 2, 4, 1, EACH_TURN),
                dataParallel(3, 1, 2),
                dataParallel(2, 2, 2))
            .map(strategy -> Arguments.of("recall-gqa", strategy)));
  }

  private static Strategy tensorParallel(int tpa) {
    return new TensorParallelStrategy(Layout.dense(1, tpa));
  }

  private static Strategy dataParallel(int dp, int kvp, int tpa) {
    return new DataParallelStrategy(dp, kvp, tpa, EACH_TURN, false);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void everyRankSendsTheBytesOfTheFormula(String model, Strategy strategy) {
    List<DecodeRequest> requests =
        IntStream.rangeClosed(1, BATCH)
            .mapToObj(token -> new DecodeRequest(List.of(token), 1))
            .toList();
    MeteredReading<Fp64Tensor> reading = new MeteredReading<>(new Fp64Reading());
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      DecodePlan plan = new DecodePlan(checkpoint, strategy, requests, Recording.TAPS);
      DecodeResult result =
          new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {});
      SentBytes expected =
          new SentBytes(
              plan.model(),
              BATCH,
              SentBytes.Format.FP64,
              (layer, from, to) -> travelling(strategy, result, layer, from, to));
      for (int rank = 0; rank < strategy.ranks(); rank++) {
        Map<String, Long> sent = new TreeMap<>();
        reading
            .sent(rank)
            .forEach((kind, bytes) -> sent.merge(kind.split(" ", -1)[0], bytes, Long::sum));
        sent.values().removeIf(bytes -> bytes == 0);
        assertEquals(expected.of(strategy, rank), sent, "rank " + rank);
      }
    }
  }

  /** Tokens of one rank's share that have an expert on another rank. */
  private static long travelling(
      Strategy strategy, DecodeResult result, int layer, int from, int to) {
    DataParallelStrategy data = (DataParallelStrategy) strategy;
    int width = data.kvp() * data.tpa();
    int local = 8 / data.ranks();
    List<Integer> held =
        IntStream.range(0, BATCH).filter(r -> r % data.dp() == from / width).boxed().toList();
    int member = from % width;
    int first = held.size() * member / width;
    int end = held.size() * (member + 1) / width;
    return held.subList(first, end).stream()
        .filter(request -> experts(result, layer, request).anyMatch(e -> e / local == to))
        .count();
  }

  private static Stream<Integer> experts(DecodeResult result, int layer, int request) {
    QueryToken token = new QueryToken(request, 0);
    return result.taps().orElseThrow().choice(layer, token).orElseThrow().experts().stream();
  }
}
