package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.LogBase;
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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Dumps that PyTorch and FlashInfer's logger have written, in five dresses each, get the verdicts
 * that are known of them.
 */
class GivenDumpsTest {
  private static final Path DUMPS = Path.of("src/test/resources/dev/helix/runtime/dumps");
  private static final Map<String, Integer> RUN_LENGTHS =
      Map.of(
          "3-right", 16,
          "3-run-short", 16,
          "4-right", 1,
          "4-read-base-e", 1,
          "5-right", 32,
          "5-fp8-right", 32);
  private static final Set<Stage> WITH_CACHES =
      EnumSet.of(Stage.OWNERSHIP, Stage.PARTIAL, Stage.MERGE, Stage.WHOLE);

  /** What a dress holds enough of. */
  private static final Map<String, Set<Stage>> CHECKED =
      Map.of(
          "torch", WITH_CACHES,
          "npz", WITH_CACHES,
          "flashinfer-pt", EnumSet.of(Stage.EXCHANGE),
          "flashinfer-safetensors", EnumSet.of(Stage.EXCHANGE),
          "sglang-dumper", EnumSet.of(Stage.MERGE));

  static Stream<Arguments> dumps() {
    return RUN_LENGTHS.keySet().stream()
        .sorted()
        .flatMap(name -> CHECKED.keySet().stream().map(dress -> Arguments.of(name, dress)));
  }

  @ParameterizedTest
  @MethodSource("dumps")
  void aDumpGetsItsVerdict(String name, String dress) {
    try (Dump dump = open(name, dress)) {
      DumpedSteps steps = new DumpedSteps(dump, facts(name));
      DumpedStep dumped = steps.step(steps.moments().get(0), 0);
      StepVerdict verdict =
          StepVerdict.of(dumped.step(), EnumSet.allOf(Stage.class), dumped.unknown(), read -> {});
      assertEquals(CHECKED.get(dress), stages(verdict, StageVerdict::isChecked));
      Set<Stage> wrong = stages(verdict, StageVerdict::isWrong);
      switch (name) {
        case "3-run-short" -> {
          assertEquals(within(dress, Stage.PARTIAL, Stage.WHOLE), wrong);
          if (wrong.contains(Stage.PARTIAL)) {
            oneRunShort(verdict.stage(Stage.PARTIAL));
          }
        }
        case "4-read-base-e" -> {
          assertEquals(within(dress, Stage.MERGE, Stage.WHOLE), wrong);
          if (wrong.contains(Stage.MERGE)) {
            fault(
                verdict.stage(Stage.MERGE),
                "base-2 LSE merged as base e",
                Set.of(0, 1, 2, 3, 4, 5, 6, 7));
          }
        }
        default -> assertEquals(Set.of(), wrong);
      }
    }
  }

  /** The search begins after all is judged up to a stage, and a stage that follows has none. */
  @Test
  void theSearchForAFaultIsTold() {
    try (Dump dump = open("3-run-short", "torch")) {
      DumpedSteps steps = new DumpedSteps(dump, facts("3-run-short"));
      DumpedStep dumped = steps.step(steps.moments().get(0), 0);
      List<Stage> searched = new ArrayList<>();
      StepVerdict.of(dumped.right(), EnumSet.allOf(Stage.class), dumped.unknown(), searched::add);
      assertEquals(List.of(Stage.PARTIAL), searched);
    }
  }

  private static void oneRunShort(StageVerdict partial) {
    fault(partial, "local length one run of 16 short where it has more", Set.of(2));
    assertEquals(
        "fits the first 16 of its 32 tokens, as all LSEs of the query token do (8 of 8 are wrong)",
        partial.fit().orElseThrow());
    assertTrue(partial.tally().wrongPlaces().stream().allMatch(place -> place.token() == 2));
  }

  private static void fault(StageVerdict stage, String name, Set<Integer> ranks) {
    assertEquals(1, stage.explanations().size());
    Explanation explanation = stage.explanations().get(0);
    assertTrue(explanation.isWhole());
    assertEquals(new TreeSet<>(ranks), explanation.ranks());
    assertEquals(List.of(name), explanation.best().stream().map(Explanation.Fit::fault).toList());
  }

  /** Without options, a right dump is not convicted either: what is not known is not judged. */
  @ParameterizedTest
  @MethodSource("dumps")
  void withoutFactsNoRightDumpIsConvicted(String name, String dress) {
    if (name.endsWith("right")) {
      try (Dump dump = open(name, dress)) {
        DumpedSteps steps = new DumpedSteps(dump, GivenFacts.NONE);
        DumpedStep dumped = steps.step(steps.moments().get(0), 0);
        StepVerdict verdict =
            StepVerdict.of(dumped.step(), EnumSet.allOf(Stage.class), dumped.unknown(), read -> {});
        assertFalse(verdict.isWrong());
        boolean caches = CHECKED.get(dress).contains(Stage.PARTIAL);
        assertEquals(caches, stages(verdict, StageVerdict::isChecked).contains(Stage.PARTIAL));
      }
    }
  }

  private static Set<Stage> within(String dress, Stage... stages) {
    Set<Stage> within = EnumSet.copyOf(List.of(stages));
    within.retainAll(CHECKED.get(dress));
    return within;
  }

  private static Set<Stage> stages(StepVerdict verdict, Predicate<StageVerdict> which) {
    return verdict.stages().stream()
        .filter(which)
        .map(StageVerdict::stage)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Stage.class)));
  }

  private static Dump open(String name, String dress) {
    DumpOptions options =
        name.equals("5-fp8-right") && dress.equals("npz")
            ? DumpOptions.NONE.withCacheType(ElementType.F8_E4M3)
            : DumpOptions.NONE;
    return DumpReader.open(List.of(DUMPS.resolve(name).resolve(dress)), options);
  }

  private static GivenFacts facts(String name) {
    GivenFacts.Sharding round = GivenFacts.NONE.sharding();
    return GivenFacts.NONE
        .with(
            new GivenFacts.Sharding(
                OptionalInt.empty(),
                round.rule(),
                OptionalInt.of(RUN_LENGTHS.get(name)),
                0,
                List.of()))
        .with(
            new GivenFacts.Forms(
                Optional.empty(), Optional.of(LogBase.TWO), OptionalInt.empty(), Optional.empty()));
  }
}
