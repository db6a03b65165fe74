package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.reading.DumpOptions;
import dev.helix.runtime.dump.reading.DumpReader;
import dev.helix.runtime.sharded.dumped.DumpedStep;
import dev.helix.runtime.sharded.dumped.DumpedSteps;
import dev.helix.runtime.sharded.dumped.GivenFacts;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.tensor.io.ElementType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A right dump that is judged by a wrong fact is convicted where that fact counts, and no further.
 */
class UnsaidFactsTest {
  private static final Path DUMPS = Path.of("src/test/resources/dev/helix/runtime/dumps");

  @TempDir private Path folder;

  /** A rank that dumps its queries before they are rounded does not tell how kernels multiply. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void queriesOfOneRankConvictNoOther(int odd) {
    DrawnStep drawn = new DrawnStep(5, DrawnStep.Kind.plain().runs(16, 0), 3, 40, 100);
    ShardedStep step =
        drawn
            .dumped(new GpuKernel(), new GpuMerge())
            .changed(
                rank ->
                    rank.rank() == odd
                        ? rank.with(StepTensor.QUERY, shifted(rank.get(StepTensor.QUERY)))
                        : rank);
    DrawnDump.write(folder, drawn, step);
    StageVerdict partial = verdict().stage(Stage.PARTIAL);
    assertTrue(partial.tally().wrongPlaces().stream().allMatch(place -> place.rank() == odd));
  }

  /** Numbers of FP32 that BF16 does not have. */
  private static double[] shifted(double[] queries) {
    return Arrays.stream(queries).map(q -> (float) (q * (1 + 0x1p-12))).toArray();
  }

  /** Nothing is expected of a merge of what is no number, and the partial attention says why. */
  @Test
  void aMergeOfPartsThatAreNoNumbersFollowsFromThem() {
    DrawnStep drawn = new DrawnStep(5, DrawnStep.Kind.plain().runs(16, 0), 3, 40, 100);
    ShardedStep right = drawn.dumped(new GpuKernel(), new GpuMerge());
    ShardedStep step =
        right.changed(
            rank ->
                rank.rank() == 1
                    ? rank.with(
                        StepTensor.PARTIAL_OUTPUT,
                        filledLast(rank.get(StepTensor.PARTIAL_OUTPUT), Double.NaN))
                    : rank);
    DrawnDump.write(folder, drawn, step);
    StepVerdict verdict = verdict();
    assertTrue(verdict.stage(Stage.PARTIAL).isWrong());
    assertTrue(verdict.stage(Stage.MERGE).isWrong());
    assertTrue(verdict.stage(Stage.MERGE).follows());
    assertFalse(verdict.stage(Stage.WHOLE).isWrong());
  }

  /** The base is not said, and the wrong scale leaves no LSE that would tell it. */
  @ParameterizedTest
  @CsvSource({"3-right/npz, 0.25", "3-right/torch, 0", "5-right/torch, 0.01"})
  void aWrongScaleDoesNotConvictTheMerge(String name, double scale) {
    GivenFacts given =
        GivenFacts.NONE.with(
            new GivenFacts.Scores(
                OptionalDouble.of(scale), OptionalDouble.empty(), OptionalInt.empty()));
    try (Dump dump = DumpReader.open(List.of(DUMPS.resolve(name)), DumpOptions.NONE)) {
      StepVerdict verdict = verdict(dump, given);
      assertTrue(verdict.stage(Stage.PARTIAL).isWrong());
      assertTrue(verdict.stage(Stage.PARTIAL).explanations().get(0).isWhole());
      assertTrue(verdict.stage(Stage.MERGE).isChecked());
      assertFalse(verdict.stage(Stage.MERGE).isWrong());
    }
  }

  /** Nobody has named a convention, and kernels mark rows without tokens in several ways. */
  @ParameterizedTest
  @ValueSource(doubles = {Double.POSITIVE_INFINITY, Double.NaN})
  void marksOfRowsWithoutTokensConvictNobody(double mark) {
    DrawnStep drawn = new DrawnStep(3, DrawnStep.Kind.plain().runs(16, 0), 3, 40, 100);
    GpuKernel kernel = new GpuKernel();
    kernel.emptyLse = mark;
    ShardedStep step = drawn.dumped(kernel, new GpuMerge());
    DrawnDump.write(folder, drawn, step);
    assertFalse(verdict().isWrong());
    // A merge that takes the marks for numbers makes NaN of such rows.
    ShardedStep naive =
        step.changed(
            rank ->
                rank.with(
                    StepTensor.MERGED_OUTPUT,
                    filledFirst(rank.get(StepTensor.MERGED_OUTPUT), Double.NaN)));
    DrawnDump.write(folder, drawn, naive);
    StageVerdict merge = verdict().stage(Stage.MERGE);
    assertTrue(merge.isWrong());
    assertTrue(
        merge.explanations().get(0).best().stream()
            .anyMatch(fit -> fit.fault().contains("merged as numbers")),
        merge.explanations()::toString);
    // A rank that has tokens and says that it has none is wrong.
    ShardedStep silent =
        step.changed(
            rank ->
                rank.rank() == 0
                    ? rank.with(
                        StepTensor.PARTIAL_LSE, filledFirst(rank.get(StepTensor.PARTIAL_LSE), mark))
                    : rank);
    DrawnDump.write(folder, drawn, silent);
    assertTrue(verdict().stage(Stage.PARTIAL).isWrong());
  }

  /** The rows of the first request, which only rank 0 has a token of. */
  private static double[] filledFirst(double[] numbers, double with) {
    double[] filled = numbers.clone();
    Arrays.fill(filled, 0, filled.length / 3, with);
    return filled;
  }

  /** The rows of the last request, which all ranks have tokens of. */
  private static double[] filledLast(double[] numbers, double with) {
    double[] filled = numbers.clone();
    Arrays.fill(filled, 2 * filled.length / 3, filled.length, with);
    return filled;
  }

  private StepVerdict verdict() {
    GivenFacts.Sharding round = GivenFacts.NONE.sharding();
    GivenFacts given =
        GivenFacts.NONE.with(
            new GivenFacts.Sharding(
                OptionalInt.empty(), round.rule(), OptionalInt.of(16), 0, List.of()));
    try (Dump dump = DumpReader.open(List.of(folder), DumpOptions.NONE)) {
      return verdict(dump, given);
    }
  }

  @Test
  void bytesOfTheCacheInAnotherFormatDoNotConvictTheMerge() {
    DumpOptions otherFormat = DumpOptions.NONE.withCacheType(ElementType.F8_E5M2);
    try (Dump dump = DumpReader.open(List.of(DUMPS.resolve("5-fp8-right/npz")), otherFormat)) {
      StepVerdict verdict = verdict(dump, GivenFacts.NONE);
      assertTrue(verdict.stage(Stage.PARTIAL).isWrong());
      assertFalse(verdict.stage(Stage.MERGE).isWrong());
    }
  }

  /** The dump was made with runs of 16 from the first token on. */
  @Test
  void aWrongPhaseIsExplainedByTheRunsOfTheDumpAmongNoMoreNumbersThanThereAre() {
    GivenFacts given =
        GivenFacts.NONE.with(
            new GivenFacts.Sharding(
                OptionalInt.empty(),
                GivenFacts.Rule.ROUND_ROBIN,
                OptionalInt.of(16),
                99,
                List.of()));
    try (Dump dump = DumpReader.open(List.of(DUMPS.resolve("3-right/torch")), DumpOptions.NONE)) {
      StageVerdict ownership = verdict(dump, given).stage(Stage.OWNERSHIP);
      Explanation explanation = ownership.explanations().get(0);
      assertTrue(explanation.isWhole());
      assertEquals(explanation.elements(), explanation.best().get(0).elements());
      assertTrue(
          explanation.best().stream()
              .anyMatch(fit -> fit.fault().equals("local length is that of runs of 16")),
          explanation.best()::toString);
    }
  }

  private static StepVerdict verdict(Dump dump, GivenFacts given) {
    DumpedSteps steps = new DumpedSteps(dump, given);
    DumpedStep dumped = steps.step(steps.moments().get(0), 0);
    return StepVerdict.of(dumped.right(), EnumSet.allOf(Stage.class), dumped.unknown());
  }
}
