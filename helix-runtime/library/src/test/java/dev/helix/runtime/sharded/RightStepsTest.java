package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.attention.convention.Precision;
import dev.helix.runtime.sharded.DrawnStep.Extras;
import dev.helix.runtime.sharded.DrawnStep.Kind;
import dev.helix.runtime.sharded.reference.Digits;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.reference.PartialReference;
import dev.helix.runtime.sharded.reference.RowStates;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a careful program computes is never convicted. */
class RightStepsTest {
  private static final int SEEDS = Boolean.getBoolean("helix.nightly") ? 20 : 2;

  static Stream<Kind> kinds() {
    Kind plain = Kind.plain();
    return Stream.of(
        plain,
        plain.runs(1, 0),
        plain.runs(3, 5),
        plain.pages(1),
        plain.of(new StepShape(4, 1, 16, 16, 2)).runs(16, 0),
        plain.of(new StepShape(4, 4, 16, 16, 4)),
        plain.of(new StepShape(8, 1, 24, 16, 8)).pages(64),
        plain.of(new StepShape(4, 2, 16, 16, 1)),
        plain.tokens(3),
        plain.with(new Extras(true, false, false, false, false)),
        plain.with(new Extras(false, true, false, false, false)),
        plain.with(new Extras(false, false, true, false, false)),
        plain.with(new Extras(false, false, false, true, false)).tokens(2),
        plain.with(new Extras(false, false, false, false, true)),
        plain.with(new Extras(true, true, true, true, true)).tokens(3).runs(2, 1));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void noStepOfAnyKindIsConvicted(Kind kind) {
    for (int seed = 0; seed < SEEDS; seed++) {
      DrawnStep drawn = new DrawnStep(seed, kind, 70, 5, 1, 133);
      assertRight(drawn.dumped(new GpuKernel(), new GpuMerge()), seed);
    }
  }

  static Stream<Arguments> conventions() {
    return NamedConventions.all().stream().map(c -> Arguments.of(c.origin().name(), c));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("conventions")
  void noStepOfAnyConventionIsConvicted(String name, Convention convention) {
    for (int seed = 0; seed < SEEDS; seed++) {
      DrawnStep drawn = new DrawnStep(seed, Kind.plain(), convention, 70, 5, 1, 133);
      assertRight(drawn.dumped(new GpuKernel(), new GpuMerge()), seed);
    }
  }

  /** The reference in double precision is a careful program in double precision. */
  @ParameterizedTest
  @MethodSource("kinds")
  void fiftyDigitsDoNotConvictDoublePrecision(Kind kind) {
    Convention doubles = Convention.of(Precision.FP64);
    DrawnStep drawn = new DrawnStep(1, kind, doubles, 20, 5);
    ShardedStep step = drawn.dumped(new GpuKernel(), new GpuMerge());
    PartialReference reference = new PartialReference(step.facts(), read -> {});
    ShardedStep computed =
        step.changed(
            rank -> {
              RowStates states = reference.of(rank, LocalReading.of(step.facts()));
              int rows = states.rows();
              return rank.with(
                      StepTensor.PARTIAL_LSE,
                      IntStream.range(0, rows).mapToDouble(states::lse).toArray())
                  .with(
                      StepTensor.PARTIAL_OUTPUT,
                      IntStream.range(0, rows)
                          .mapToObj(states::output)
                          .flatMapToDouble(Arrays::stream)
                          .toArray());
            });
    StepVerdict verdict =
        StepVerdict.of(computed, EnumSet.of(Stage.PARTIAL), Map.of(), Digits.FIFTY, read -> {});
    assertEquals(0, verdict.stages().get(0).tally().wrong());
    assertTrue(verdict.stages().get(0).tally().share() > 0);
  }

  private static void assertRight(ShardedStep step, int seed) {
    StepVerdict verdict = StepVerdict.of(step, EnumSet.allOf(Stage.class), Map.of(), read -> {});
    List<StageVerdict> wrong = verdict.stages().stream().filter(StageVerdict::isWrong).toList();
    assertEquals(
        List.of(),
        wrong.stream().map(s -> s.stage() + " " + s.tally().worst()).toList(),
        "seed " + seed);
    for (StageVerdict stage : verdict.stages()) {
      boolean there = stage.stage() != Stage.EXCHANGE && stage.stage() != Stage.PROJECTION;
      assertEquals(there, stage.isChecked(), stage.stage()::toString);
    }
    // Outputs are rounded to BF16, so a bound that no element used a fifth of would be loose.
    assertTrue(verdict.stages().get(1).tally().share() > 0.2);
  }
}
