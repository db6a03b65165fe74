package dev.helix.runtime.dump.writing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.LogBase;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.reading.DumpOptions;
import dev.helix.runtime.dump.reading.DumpReader;
import dev.helix.runtime.fault.FaultSite;
import dev.helix.runtime.fault.SwitchableFaults;
import dev.helix.runtime.fault.SwitchedOn;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.sharded.dumped.DumpedStep;
import dev.helix.runtime.sharded.dumped.DumpedSteps;
import dev.helix.runtime.sharded.dumped.GivenFacts;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.mesh.Layout;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A fault of the museum that is switched on in a decode is found in its dump, in its stage, and
 * named. The other faults of the museum change nothing on this model and layout, or end the run in
 * NaN before there is a dump.
 */
class RoundTripsTest {
  private static final int EACH_TIME = 4;

  @TempDir private Path folder;

  static Stream<Arguments> faults() {
    Stream<Arguments> all =
        Stream.of(
            trip("gqa-ratio-restarted-per-rank", Stage.PARTIAL, "KV head counted from the first"),
            trip("base-2-lse-merged-as-base-e", Stage.MERGE, "base-2 LSE merged as base e"),
            trip("all-to-all-blocks-taken-in-another-order", Stage.EXCHANGE, "blocks of senders"),
            trip("length-7-over-2-ranks-treated-as-6", Stage.PARTIAL, "rounded down to a multiple"),
            trip(
                "lse-base-of-decode-follows-the-flag-of-the-prefill-backend",
                Stage.MERGE,
                "base-e LSE merged as base 2"),
            trip(
                "partial-outputs-rounded-to-bf16-before-the-merge",
                Stage.MERGE,
                "partial outputs rounded to BF16 before the merge"),
            trip(
                "an-empty-shard-reports-a-finite-lse-and-rubbish",
                Stage.PARTIAL,
                "an empty shard reports a live LSE"),
            trip(
                "stats-exported-with-another-softmax-scale",
                Stage.PARTIAL,
                "LSE alone: no softmax scale"),
            trip(
                "probabilities-rounded-in-the-numerator-only",
                Stage.PARTIAL,
                "weights rounded to BF16"),
            trip(
                "query-heads-read-the-kv-heads-of-other-groups",
                Stage.PARTIAL,
                "KV head h mod K in place of h / (Q/K)"),
            trip(
                "a-rank-that-owns-no-new-token-drops-its-query",
                Stage.PARTIAL,
                "no token attended to"));
    return Boolean.getBoolean("helix.nightly") ? all : all.limit(EACH_TIME);
  }

  private static Arguments trip(String fault, Stage stage, String named) {
    return Arguments.of(fault, stage, named);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultThatIsSwitchedOnIsNamedFromTheDump(String key, Stage stage, String named) {
    StepVerdict verdict = verdict(SwitchableFaults.named(key).orElseThrow());
    for (StageVerdict one : verdict.stages()) {
      boolean itself = one.stage() == stage;
      assertEquals(itself, one.isWrong() && !one.follows(), one.stage()::toString);
    }
    Explanation explanation = verdict.stage(stage).explanations().get(0);
    assertTrue(explanation.isWhole(), explanation::toString);
    assertTrue(
        explanation.best().stream().anyMatch(fit -> fit.fault().contains(named)),
        explanation::toString);
  }

  private StepVerdict verdict(Fault fault) {
    HelixStrategy strategy =
        new HelixStrategy(Layout.dense(4, 2), PlacementRule.roundRobin(2), false);
    List<DecodeRequest> requests =
        List.of(
            new DecodeRequest(IntStream.range(1, 28).boxed().toList(), 3),
            new DecodeRequest(List.of(6, 4, 2, 9, 11, 3, 7, 8, 5, 1, 2), 3),
            new DecodeRequest(List.of(6), 3));
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      DecodePlan plan = new DecodePlan(checkpoint, strategy, requests, Recording.ATTENTION);
      SwitchedOn on =
          new SwitchedOn(fault, new FaultSite(OptionalInt.empty(), OptionalInt.empty()));
      RunDump.write(
          folder,
          plan,
          new DecodeRun(new ThreadRanks())
              .decode(on.plan(plan), on.reading(new Fp64Reading(), plan), new DecodeListener() {})
              .record());
    }
    GivenFacts facts =
        new GivenFacts(
            new GivenFacts.Sharding(
                OptionalInt.of(4), GivenFacts.Rule.ROUND_ROBIN, OptionalInt.of(2), 0, List.of()),
            GivenFacts.NONE.scores(),
            new GivenFacts.Forms(
                Optional.empty(), Optional.of(LogBase.E), OptionalInt.empty(), Optional.empty()),
            GivenFacts.NONE.lengths());
    try (Dump dump = DumpReader.open(List.of(folder), DumpOptions.NONE)) {
      DumpedSteps steps = new DumpedSteps(dump, facts);
      DumpedStep dumped = steps.step(dump.moments().get(1), 0);
      return StepVerdict.of(
          dumped.step(), EnumSet.allOf(Stage.class), dumped.unknown(), read -> {});
    }
  }
}
