package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.runtime.sharded.DrawnStep.Kind;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fault is named for the numbers that it makes, and never for those that it leaves out. */
class ExplanationTest {
  private static final Kind PLAIN = Kind.plain();
  private static final Set<StepTensor> PARTIALS =
      EnumSet.of(StepTensor.PARTIAL_OUTPUT, StepTensor.PARTIAL_LSE);

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void noFaultExplainsMergedOutputsOfNoise(int kvp) {
    DrawnStep drawn = new DrawnStep(1, PLAIN.of(new StepShape(8, 2, 16, 16, kvp)), 20);
    assertUnexplained(
        noisy(without(right(drawn), PARTIALS), StepTensor.MERGED_OUTPUT), Stage.WHOLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void zerosAreWhatIsMadeOfNoTokens(int kvp) {
    DrawnStep drawn = new DrawnStep(1, PLAIN.of(new StepShape(8, 2, 16, 16, kvp)), 20);
    ShardedStep step =
        without(right(drawn), PARTIALS)
            .changed(
                rank ->
                    rank.with(
                        StepTensor.MERGED_OUTPUT,
                        new double[rank.get(StepTensor.MERGED_OUTPUT).length]));
    Explanation explanation = stage(step, Stage.WHOLE).explanations().get(0);
    assertTrue(explanation.isWhole(), explanation::toString);
    assertTrue(names(explanation).contains("no token attended to"), explanation::toString);
    assertEquals(8 * 16, explanation.best().get(0).elements());
  }

  @Test
  void noFaultExplainsPartialOutputsOfNoiseWithoutLses() {
    ShardedStep step = without(right(new DrawnStep(1, PLAIN, 20)), Set.of(StepTensor.PARTIAL_LSE));
    assertUnexplained(noisy(step, StepTensor.PARTIAL_OUTPUT), Stage.PARTIAL);
  }

  /** All tokens are on rank 0, without which nothing is merged. */
  @Test
  void noFaultExplainsAMergeToNoise() {
    assertUnexplained(
        noisy(right(new DrawnStep(1, PLAIN, 3)), StepTensor.MERGED_OUTPUT), Stage.MERGE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noLengthExplainsAPageThatIsThereTwice(boolean lengths) {
    DrawnStep drawn = new DrawnStep(1, PLAIN.pages(2), 20);
    RankCache sound = drawn.caches.get(0);
    int[] pages = sound.pages(0);
    pages[1] = pages[0];
    RankCache twice =
        new RankCache(new int[][] {pages}, 2, (row, head, into) -> {}, (row, head, into) -> {});
    ShardedStep step = right(drawn).changed(rank -> rank.rank() == 0 ? rank.with(twice) : rank);
    assertUnexplained(
        lengths ? step : without(step, Set.of(StepTensor.LOCAL_LENGTHS)), Stage.OWNERSHIP);
  }

  /** Rank 0 attends to 8 of its 9 tokens, as a rank does that counts them by many other rules. */
  @Test
  void allFaultsThatMakeTheSameNumbersAreNamed() {
    DrawnStep drawn = new DrawnStep(1, PLAIN, 33);
    GpuKernel kernel = new GpuKernel();
    kernel.slots =
        (step, rank, token) ->
            new int[] {0, GpuKernel.right(step, rank, token)[1] - (rank == 0 ? 1 : 0)};
    StageVerdict partial = stage(drawn.dumped(kernel, new GpuMerge()), Stage.PARTIAL);
    Set<String> expected =
        new TreeSet<>(Set.of("local length one token short", "local length that of the next rank"));
    RoundRobinPlacement rule = new RoundRobinPlacement(4, 4);
    for (int phase = 1; phase < 16; phase++) {
      if (rule.localLength(0, 33 + phase) - rule.localLength(0, phase) == 8) {
        expected.add("local length of a round that begins at its token " + phase);
      }
    }
    Explanation explanation = partial.explanations().get(0);
    assertTrue(explanation.isWhole(), explanation::toString);
    assertTrue(expected.size() > 6 && names(explanation).containsAll(expected), expected::toString);
  }

  private static void assertUnexplained(ShardedStep step, Stage stage) {
    StageVerdict verdict = stage(step, stage);
    assertTrue(verdict.isWrong());
    for (Explanation explanation : verdict.explanations()) {
      assertEquals(List.of(), names(explanation));
    }
  }

  private static StageVerdict stage(ShardedStep step, Stage stage) {
    return StepVerdict.of(step, EnumSet.of(stage), Map.of(), read -> {}).stage(stage);
  }

  private static List<String> names(Explanation explanation) {
    return explanation.best().stream().map(Explanation.Fit::fault).toList();
  }

  private static ShardedStep right(DrawnStep drawn) {
    return drawn.dumped(new GpuKernel(), new GpuMerge());
  }

  private static ShardedStep without(ShardedStep step, Set<StepTensor> missing) {
    return step.changed(
        rank -> {
          Map<StepTensor, double[]> tensors = new EnumMap<>(rank.tensors());
          tensors.keySet().removeAll(missing);
          return new RankStep(rank.rank(), tensors, rank.cache());
        });
  }

  private static ShardedStep noisy(ShardedStep step, StepTensor tensor) {
    Random random = new Random(3);
    return step.changed(
        rank ->
            rank.with(
                tensor, random.doubles(rank.get(tensor).length).map(x -> 50 + 100 * x).toArray()));
  }
}
