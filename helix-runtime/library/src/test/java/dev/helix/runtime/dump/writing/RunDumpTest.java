package dev.helix.runtime.dump.writing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.LogBase;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.Moment;
import dev.helix.runtime.dump.reading.DumpOptions;
import dev.helix.runtime.dump.reading.DumpReader;
import dev.helix.runtime.fault.FaultSite;
import dev.helix.runtime.fault.SwitchableFaults;
import dev.helix.runtime.fault.SwitchedOn;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.dumped.DumpedStep;
import dev.helix.runtime.sharded.dumped.DumpedSteps;
import dev.helix.runtime.sharded.dumped.GivenFacts;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.faults.Fault;
import dev.helix.tensor.mesh.Layout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A dump of our own run is read again, and nothing in it is wrong. */
class RunDumpTest {
  private static final Set<Stage> ALL_BUT_THE_PROJECTION =
      EnumSet.of(Stage.OWNERSHIP, Stage.PARTIAL, Stage.EXCHANGE, Stage.MERGE, Stage.WHOLE);

  private static final List<DecodeRequest> REQUESTS =
      List.of(
          new DecodeRequest(IntStream.range(1, 12).boxed().toList(), 3),
          new DecodeRequest(List.of(6), 3));

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"recall-gqa, 4, 2, false", "recall-gqa, 2, 1, true", "recall-mla, 4, 1, false"})
  void nothingIsWrongWithOurOwnRun(String model, int kvp, int tpa, boolean hopB) {
    HelixStrategy strategy =
        new HelixStrategy(Layout.dense(kvp, tpa), PlacementRule.roundRobin(2), hopB);
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      DecodePlan plan = new DecodePlan(checkpoint, strategy, REQUESTS, Recording.ATTENTION);
      RunDump.write(folder, plan, run(plan, new Fp64Reading()));
    }
    List<DumpedStep> steps = new ArrayList<>();
    eachVerdict(
        strategy,
        (dumped, verdict) -> {
          steps.add(dumped);
          Set<Stage> checked = stages(verdict, StageVerdict::isChecked);
          // With several groups the projection is a sum over all of them.
          boolean projects = tpa == 1;
          assertEquals(projects ? EnumSet.allOf(Stage.class) : ALL_BUT_THE_PROJECTION, checked);
          assertEquals(Set.of(), stages(verdict, StageVerdict::isWrong));
          assertTrue(dumped.step().has(StepTensor.MERGED_LSE));
        });
    assertEquals(4 * tpa, steps.size());
  }

  /** The fault is in layer 1 of rank 2, which is the third of the first group. */
  @Test
  void aFaultThatIsSwitchedOnIsFoundWhereItIs() {
    HelixStrategy strategy =
        new HelixStrategy(Layout.dense(4, 2), PlacementRule.roundRobin(2), false);
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      DecodePlan plan = new DecodePlan(checkpoint, strategy, REQUESTS, Recording.ATTENTION);
      Fault fault = SwitchableFaults.named("base-2-lse-merged-as-base-e").orElseThrow();
      SwitchedOn on = new SwitchedOn(fault, new FaultSite(OptionalInt.of(2), OptionalInt.of(1)));
      RunRecord record = run(on.plan(plan), on.reading(new Fp64Reading(), plan));
      RunDump.write(folder, plan, record, DumpForm.DOUBLES.with(on));
    }
    eachVerdict(
        strategy,
        (dumped, verdict) -> {
          boolean here = dumped.moment().layer() == 1 && dumped.firstRank() == 0;
          assertFalse(dumped.step().has(StepTensor.MERGED_LSE));
          assertEquals(
              here ? EnumSet.of(Stage.MERGE, Stage.WHOLE) : Set.of(),
              stages(verdict, StageVerdict::isWrong));
          if (here) {
            StageVerdict merge =
                verdict.stages().stream()
                    .filter(stage -> stage.stage() == Stage.MERGE)
                    .findFirst()
                    .orElseThrow();
            assertEquals(Set.of(2), Set.copyOf(merge.explanations().get(0).ranks()));
          }
        });
  }

  private static RunRecord run(DecodePlan plan, Reading<?> reading) {
    return new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {}).record();
  }

  /** Judges every layer of every group of the dump. */
  private void eachVerdict(HelixStrategy strategy, BiConsumer<DumpedStep, StepVerdict> check) {
    GivenFacts facts =
        new GivenFacts(
            new GivenFacts.Sharding(
                OptionalInt.of(strategy.layout().kvp()),
                GivenFacts.Rule.ROUND_ROBIN,
                OptionalInt.of(strategy.placement().runLength()),
                0,
                List.of()),
            GivenFacts.NONE.scores(),
            new GivenFacts.Forms(
                Optional.empty(), Optional.of(LogBase.E), OptionalInt.empty(), Optional.empty()),
            GivenFacts.NONE.lengths());
    try (Dump dump = DumpReader.open(List.of(folder), DumpOptions.NONE)) {
      assertEquals(strategy.ranks(), dump.ranks());
      DumpedSteps steps = new DumpedSteps(dump, facts);
      for (Moment moment : dump.moments()) {
        for (int firstRank : steps.groups()) {
          DumpedStep dumped = steps.step(moment, firstRank);
          check.accept(
              dumped,
              StepVerdict.of(
                  dumped.step(), EnumSet.allOf(Stage.class), dumped.unknown(), read -> {}));
        }
      }
    }
  }

  private static Set<Stage> stages(StepVerdict verdict, Predicate<StageVerdict> which) {
    return verdict.stages().stream()
        .filter(which)
        .map(StageVerdict::stage)
        .collect(Collectors.toSet());
  }
}
