package dev.helix.tests.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.fp64.Fp64Tensor;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A traced step launches what the numeric run has launched, rank by rank and in its order. */
class TraceIsTheRunTest {
  private static final List<DecodeRequest> RAGGED =
      List.of(
          new DecodeRequest(List.of(1, 2, 3), 2),
          new DecodeRequest(List.of(6), 2),
          new DecodeRequest(List.of(7, 8), 1));

  @ParameterizedTest
  @MethodSource("dev.helix.tests.strategies.EveryStrategyTest#oneOfEach")
  void theTraceLaunchesWhatTheRunHasLaunched(String model, Strategy strategy) {
    RecordedLaunches<Fp64Tensor> launches = new RecordedLaunches<>(new Fp64Reading());
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      DecodePlan plan = new DecodePlan(checkpoint, strategy, RAGGED, Recording.TAPS);
      DecodeResult result =
          new DecodeRun(new ThreadRanks()).decode(plan, launches, new DecodeListener() {});
      List<StepTrace> steps =
          StepTracer.ofRun(plan, result, DeployedPrecision.uniform(plan.model().activations()));
      for (int rank = 0; rank < strategy.ranks(); rank++) {
        int of = rank;
        List<String> traced =
            steps.stream()
                .flatMap(step -> step.of(of).operations().stream())
                .map(operation -> operation.stated().place() + ": " + operation.name())
                .toList();
        List<String> ran = launches.of(rank);
        for (int i = 0; i < Math.min(traced.size(), ran.size()); i++) {
          assertEquals(traced.get(i), ran.get(i), "rank " + rank + ", launch " + i);
        }
        assertEquals(traced.size(), ran.size(), "launches of rank " + rank);
      }
    }
  }
}
