package dev.helix.tests.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.loading.CheckpointRouters;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.loading.RankWeights;
import dev.helix.runtime.model.Decoder;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.CountingReading;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.record.StepTap;
import dev.helix.runtime.strategy.DecoderLoader;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepQueries;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.scalar.ScalarTensor;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A step that verifies drafts is traced as it runs: the decoder launches and computes with numbers
 * what {@code helix time --drafts} has in its schedule.
 */
class DraftedStepTest {
  private static final StepQueries QUERIES = new StepQueries(4, 3, 2);

  @ParameterizedTest
  @MethodSource("dev.helix.tests.strategies.EveryStrategyTest#oneOfEach")
  void aStepWithDraftsIsTracedAsItRuns(String model, Strategy strategy) {
    CountingReading counting = new CountingReading();
    RecordedLaunches<ScalarTensor<Double>> launches = new RecordedLaunches<>(counting);
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      List<Step> steps =
          ThreadRanks.inOneJvm(
              strategy.ranks(),
              communicator -> run(checkpoint, strategy, launches, counting, communicator));
      StepTrace trace =
          StepTracer.trace(
              checkpoint.config(),
              strategy,
              QUERIES,
              DeployedPrecision.uniform(checkpoint.config().activations()),
              new LoadModel.UniformExpectation());
      for (int rank = 0; rank < strategy.ranks(); rank++) {
        List<Operation> operations = trace.of(rank).operations();
        assertEquals(
            steps.get(rank).launches(),
            operations.stream().map(one -> one.stated().place() + ": " + one.name()).toList(),
            "launches of rank " + rank);
        if (checkpoint.config().mixture().isEmpty()) {
          assertEquals(steps.get(rank).flops(), flops(operations), "FLOPs of rank " + rank);
        }
      }
    }
  }

  /** What a rank did in the step with drafts. */
  private record Step(List<String> launches, Map<String, Long> flops) {}

  private static Step run(
      Checkpoint checkpoint,
      Strategy strategy,
      RecordedLaunches<ScalarTensor<Double>> launches,
      CountingReading counting,
      Communicator communicator) {
    RankOperations<ScalarTensor<Double>> operations = launches.on(communicator);
    RankWeights<ScalarTensor<Double>> weights =
        new RankWeights<>(
            checkpoint,
            operations.kernels(),
            DeployedPrecision.uniform(checkpoint.config().activations()));
    Decoder<ScalarTensor<Double>> decoder =
        new DecoderLoader<>(
                strategy,
                new RankLoading<>(
                    operations, weights, new CheckpointRouters<>(checkpoint, operations)),
                StepTap.none(),
                () -> {})
            .load();
    List<StepRow> prompts = new ArrayList<>();
    List<StepRow> drafted = new ArrayList<>();
    int cached = QUERIES.context() - 1;
    for (int request = 0; request < QUERIES.batch(); request++) {
      int end = cached + 1 + QUERIES.drafts();
      decoder.open(request, end);
      for (int position = 0; position < end; position++) {
        QueryToken token = new QueryToken(request, position);
        boolean drafts = position >= cached;
        (drafts ? drafted : prompts).add(new StepRow(token, 1 + position, drafts));
      }
    }
    int rank = communicator.rank();
    decoder.step(prompts);
    int launchedBefore = launches.of(rank).size();
    Map<String, Long> before = counted(counting, rank);
    decoder.step(drafted);
    Map<String, Long> flops = counted(counting, rank);
    before.forEach((name, earlier) -> flops.merge(name, -earlier, Math::addExact));
    flops.values().removeIf(count -> count == 0);
    List<String> all = launches.of(rank);
    return new Step(List.copyOf(all.subList(launchedBefore, all.size())), flops);
  }

  private static Map<String, Long> counted(CountingReading counting, int rank) {
    Map<String, Long> counted = new TreeMap<>();
    counting
        .counts(rank)
        .forEach(
            (name, counts) -> {
              if (!name.startsWith("allReduce")) {
                counted.put(name, counts.flops());
              }
            });
    return counted;
  }

  private static Map<String, Long> flops(List<Operation> operations) {
    Map<String, Long> flops = new TreeMap<>();
    for (Operation operation : operations) {
      if (operation instanceof Launch launch && launch.flops() > 0) {
        flops.merge(launch.name(), launch.flops(), Math::addExact);
      }
    }
    return flops;
  }
}
