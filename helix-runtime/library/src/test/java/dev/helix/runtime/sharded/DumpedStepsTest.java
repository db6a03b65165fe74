package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.Moment;
import dev.helix.runtime.dump.reading.DumpOptions;
import dev.helix.runtime.dump.reading.DumpReader;
import dev.helix.runtime.sharded.DrawnStep.Extras;
import dev.helix.runtime.sharded.DrawnStep.Kind;
import dev.helix.runtime.sharded.dumped.DumpedStep;
import dev.helix.runtime.sharded.dumped.DumpedSteps;
import dev.helix.runtime.sharded.dumped.GivenFacts;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.tensor.InvalidInputException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps that were written to files are read as they were, and judged alike. */
class DumpedStepsTest {
  private static final int[] LENGTHS = {40, 5, 61};
  private static final Set<Stage> ALL =
      EnumSet.of(Stage.OWNERSHIP, Stage.PARTIAL, Stage.MERGE, Stage.WHOLE);

  @TempDir private Path folder;

  @Test
  void severalQueryTokensWithAWindowSinksAndSlopesAreReadWithTheirPositions() {
    Kind kind = Kind.plain().tokens(2).runs(2, 3).with(new Extras(true, true, true, true, false));
    DrawnStep drawn = new DrawnStep(1, kind, LENGTHS);
    write(drawn, drawn.dumped(new GpuKernel(), new GpuMerge()));
    GivenFacts facts =
        given(2, 3)
            .with(
                new GivenFacts.Scores(
                    OptionalDouble.empty(), OptionalDouble.of(3), OptionalInt.of(13)));
    assertEquals(ALL, judged(facts, false));
  }

  @Test
  void latentAttentionIsReadAsOneKvHeadWhoseValuesAreTheFrontOfItsKeys() {
    StepShape latent = new StepShape(4, 1, 24, 16, 2);
    DrawnStep drawn = new DrawnStep(2, Kind.plain().of(latent), LENGTHS).latent();
    write(drawn, drawn.dumped(new GpuKernel(), new GpuMerge()));
    assertEquals(ALL, judged(given(4, 0), false));
  }

  @Test
  void aMergeInBf16IsFoundOut() {
    Convention convention = NamedConventions.VLLM_DCP_AGRS;
    DrawnStep drawn = new DrawnStep(3, Kind.plain(), convention, LENGTHS);
    write(drawn, drawn.dumped(new GpuKernel(), new GpuMerge()));
    assertEquals(ALL, judged(given(4, 0), false));
    try (Dump dump = open()) {
      DumpedSteps steps = new DumpedSteps(dump, given(4, 0));
      List<String> remarks = steps.step(steps.moments().get(0), 0).remarks();
      assertTrue(remarks.stream().anyMatch(r -> r.contains("scales and sums in bf16")));
    }
  }

  @Test
  void scalesOfAQuantisedCacheAreReadAndSwappedOnesAreFound() {
    Kind kind = Kind.plain().with(new Extras(false, false, false, false, true));
    DrawnStep drawn = new DrawnStep(4, kind, LENGTHS);
    write(drawn, drawn.dumped(new GpuKernel(), new GpuMerge()));
    assertEquals(ALL, judged(given(4, 0), false));
    GpuKernel swapping = new GpuKernel();
    swapping.scales = CacheScales::swapped;
    write(drawn, drawn.dumped(swapping, new GpuMerge()));
    assertEquals(ALL, judged(given(4, 0), true));
  }

  @Test
  void withoutThePlacementOwnershipIsNotJudgedAndPositionsAreAskedFor() {
    Kind kind = Kind.plain().tokens(2);
    DrawnStep drawn = new DrawnStep(5, kind, LENGTHS);
    write(drawn, drawn.dumped(new GpuKernel(), new GpuMerge()));
    assertEquals(Set.of(), judged(given(OptionalInt.empty(), 0), false));
  }

  @Test
  void aNumberOfRanksThatDoesNotFitIsRefused() {
    DrawnStep drawn = new DrawnStep(6, Kind.plain(), LENGTHS);
    write(drawn, drawn.dumped(new GpuKernel(), new GpuMerge()));
    GivenFacts.Sharding round = GivenFacts.NONE.sharding();
    GivenFacts three =
        GivenFacts.NONE.with(
            new GivenFacts.Sharding(
                OptionalInt.of(3), round.rule(), OptionalInt.of(4), 0, List.of()));
    try (Dump dump = open()) {
      DumpedSteps steps = new DumpedSteps(dump, three);
      String message = assertThrows(InvalidInputException.class, steps::kvp).getMessage();
      assertEquals("KVP: expected a divisor of the dump's 4 ranks, got 3", message);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-33, 1000})
  void aLocalLengthThatNoRankCanHaveIsRefused(int length) {
    DrawnStep drawn = new DrawnStep(7, Kind.plain(), LENGTHS);
    ShardedStep step = drawn.dumped(new GpuKernel(), new GpuMerge());
    write(drawn, step.changed(rank -> rank.rank() == 1 ? lastLength(rank, length) : rank));
    try (Dump dump = open()) {
      DumpedSteps steps = new DumpedSteps(dump, given(4, 0));
      Moment only = steps.moments().get(0);
      String message =
          assertThrows(InvalidInputException.class, () -> steps.step(only, 0)).getMessage();
      String expected = "rank 1: local lengths: expected 0 to \\d+ tokens of request 2, got ";
      assertTrue(message.matches(expected + length), message);
    }
  }

  private static RankStep lastLength(RankStep rank, int length) {
    double[] lengths = rank.get(StepTensor.LOCAL_LENGTHS).clone();
    lengths[lengths.length - 1] = length;
    return rank.with(StepTensor.LOCAL_LENGTHS, lengths);
  }

  /** Ranks of a group attend with the same queries. */
  @ParameterizedTest
  @ValueSource(doubles = {7, Double.NaN})
  void queriesThatRanksDoNotShareOrThatAreNotFiniteAreTold(double strange) {
    int at = (1 * 8 + 3) * 16 + 5;
    DrawnStep drawn = new DrawnStep(1, Kind.plain(), LENGTHS);
    ShardedStep step =
        drawn
            .dumped(new GpuKernel(), new GpuMerge())
            .changed(
                rank -> {
                  double[] query = rank.get(StepTensor.QUERY).clone();
                  query[at] = rank.rank() == 2 ? strange : query[at];
                  return rank.with(StepTensor.QUERY, query);
                });
    write(drawn, step);
    String place = " at query token 1, head 3, component 5";
    String expected =
        Double.isNaN(strange)
            ? "the query of rank 2 holds NaN" + place + ": nothing can be expected of that row"
            : "rank 2 has not the queries of rank 0: 7.0 and " + drawn.queries[at] + place;
    try (Dump dump = open()) {
      DumpedSteps steps = new DumpedSteps(dump, given(4, 0));
      List<String> remarks = steps.step(steps.moments().get(0), 0).remarks();
      assertTrue(remarks.contains(expected), remarks::toString);
    }
  }

  /**
   * The stages that were checked; all are right, or partial attention and what follows is wrong.
   */
  private Set<Stage> judged(GivenFacts facts, boolean wrong) {
    try (Dump dump = open()) {
      DumpedSteps steps = new DumpedSteps(dump, facts);
      DumpedStep dumped = steps.step(steps.moments().get(0), 0);
      StepVerdict verdict =
          StepVerdict.of(dumped.step(), EnumSet.allOf(Stage.class), dumped.unknown(), read -> {});
      List<String> found =
          verdict.stages().stream()
              .filter(StageVerdict::isWrong)
              .map(stage -> stage.stage() + " " + stage.explanations())
              .toList();
      assertEquals(wrong, !found.isEmpty(), found::toString);
      if (wrong) {
        assertTrue(found.get(0).contains("scales of K and V swapped"), found.get(0));
      }
      return verdict.stages().stream()
          .filter(StageVerdict::isChecked)
          .map(StageVerdict::stage)
          .collect(Collectors.toSet());
    }
  }

  private Dump open() {
    return DumpReader.open(List.of(folder), DumpOptions.NONE);
  }

  private static GivenFacts given(int runLength, int phase) {
    return given(OptionalInt.of(runLength), phase);
  }

  private static GivenFacts given(OptionalInt runLength, int phase) {
    GivenFacts.Sharding round = GivenFacts.NONE.sharding();
    return GivenFacts.NONE.with(
        new GivenFacts.Sharding(OptionalInt.empty(), round.rule(), runLength, phase, List.of()));
  }

  private void write(DrawnStep drawn, ShardedStep step) {
    DrawnDump.write(folder, drawn, step);
  }
}
