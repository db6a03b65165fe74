package dev.helix.tests.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.ffn.Routing;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.Mixture;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.record.StepRecord;
import dev.helix.runtime.record.TapRecord;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.runtime.trace.choice.ExpertChoice;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Group;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.TransferKind;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a run of the small model sends to experts, against what is expected of any model. */
class ExpertTrafficTest {
  private static final int RANKS = 4;

  @Test
  void aRunSendsTokensToAsManyRanksAsIsExpected() {
    Random random = new Random(5);
    List<DecodeRequest> requests =
        IntStream.range(0, 8)
            .mapToObj(request -> new DecodeRequest(random.ints(24, 1, 61).boxed().toList(), 8))
            .toList();
    DataParallelStrategy strategy =
        new DataParallelStrategy(RANKS, 1, 1, PlacementRule.roundRobin(1), false);
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-mla")) {
      DecodePlan plan = new DecodePlan(checkpoint, strategy, requests, Recording.TAPS);
      DecodeResult result =
          new DecodeRun(new ThreadRanks()).decode(plan, new Fp64Reading(), new DecodeListener() {});
      Mixture mixture = plan.model().mixture().orElseThrow();
      ExpertParallelSharding sharding =
          new ExpertParallelSharding(
              mixture.shape(), new Group("experts", IntStream.range(0, RANKS).boxed().toList()));

      List<Integer> copies = copies(result, plan.model().layers(), sharding, strategy);
      long sent = copies.stream().mapToInt(Integer::intValue).sum();
      List<StepTrace> steps =
          StepTracer.ofRun(plan, result, DeployedPrecision.uniform(plan.model().activations()));
      assertEquals(sent, rows(steps, Phase.DISPATCH));
      assertEquals(sent, rows(steps, Phase.COMBINE));

      double mean = (double) sent / copies.size();
      double squares = copies.stream().mapToDouble(n -> (n - mean) * (n - mean)).sum();
      double expected = ExpertChoice.by(mixture.rule()).reaches(sharding) * (RANKS - 1);
      // 1.38 copies a token, and 1.36 expected: within four standard errors of the mean of as many
      // independent tokens, though the router is a trained one. If all choices within the groups
      // were equally likely it would be 1.25, five errors off.
      assertEquals(expected, mean, 4 * Math.sqrt(squares) / copies.size());
    }
  }

  /** For each token and layer of experts, how many ranks but its own have one of its experts. */
  private static List<Integer> copies(
      DecodeResult result,
      int layers,
      ExpertParallelSharding sharding,
      DataParallelStrategy strategy) {
    TapRecord taps = result.taps().orElseThrow();
    List<Integer> copies = new ArrayList<>();
    for (StepRecord step : result.record().steps()) {
      for (int layer = 0; layer < layers; layer++) {
        List<Routing.Choice> choices =
            taps.routing(layer, step.queries()).map(Routing::tokens).orElse(List.of());
        for (int row = 0; row < choices.size(); row++) {
          int own = strategy.groupOf(step.queries().get(row).request());
          List<Integer> experts = choices.get(row).experts();
          copies.add(
              (int)
                  IntStream.range(0, RANKS)
                      .filter(rank -> rank != own)
                      .filter(rank -> experts.stream().anyMatch(sharding.experts(rank)::has))
                      .count());
        }
      }
    }
    return copies;
  }

  private static long rows(List<StepTrace> steps, Phase phase) {
    return steps.stream()
        .flatMap(step -> IntStream.range(0, RANKS).mapToObj(step::of))
        .flatMap(trace -> trace.operations().stream())
        .filter(Transfer.class::isInstance)
        .map(Transfer.class::cast)
        .filter(t -> t.kind() == TransferKind.ALL_TO_ALL_ROWS && t.phase() == phase)
        .mapToLong(transfer -> transfer.operands().get(0).size(Axis.BATCH))
        .sum();
  }
}
