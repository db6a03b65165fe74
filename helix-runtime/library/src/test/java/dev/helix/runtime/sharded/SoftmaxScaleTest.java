package dev.helix.runtime.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.reading.DumpOptions;
import dev.helix.runtime.dump.reading.DumpReader;
import dev.helix.runtime.sharded.DrawnStep.Extras;
import dev.helix.runtime.sharded.DrawnStep.Kind;
import dev.helix.runtime.sharded.dumped.DumpedStep;
import dev.helix.runtime.sharded.dumped.DumpedSteps;
import dev.helix.runtime.sharded.dumped.GivenFacts;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.Explanation;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.tensor.InvalidInputException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A softmax scale that nobody has said convicts nobody, if another one explains the dump; one that
 * was said convicts, and the fault is named with the scale that the dump has.
 */
class SoftmaxScaleTest {
  /** DeepSeek's scale, with its factor for YaRN, has no short name. */
  private static final double YARN = Math.pow(0.1 * Math.log(40) + 1, 2) / Math.sqrt(192);

  private static final int[] LENGTHS = {40, 5, 161};
  private static final Pattern ASKED = Pattern.compile(".*: give --scale (\\S+) .*");

  @TempDir private Path folder;

  static Stream<Arguments> kinds() {
    Kind plain = Kind.plain();
    Kind latent = plain.of(new StepShape(4, 1, 24, 16, 2));
    return Stream.of(
        Arguments.of(plain, NamedConventions.VLLM_DCP, false, YARN),
        Arguments.of(plain, NamedConventions.FLASHINFER, false, 1 / Math.sqrt(12)),
        Arguments.of(plain, NamedConventions.SGLANG_MHA, false, 1.0 / 16),
        Arguments.of(latent, NamedConventions.SGLANG_MLA, true, YARN),
        Arguments.of(latent, NamedConventions.FLASHMLA, true, 1 / Math.sqrt(12)),
        Arguments.of(
            plain.tokens(2).runs(2, 3).with(new Extras(true, true, true, true, false)),
            NamedConventions.VLLM_DCP,
            false,
            YARN),
        Arguments.of(
            plain.with(new Extras(false, false, false, false, true)),
            NamedConventions.FLASHINFER,
            false,
            YARN));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aScaleThatNobodySaidConvictsNobody(
      Kind kind, Convention convention, boolean latent, double scale) {
    written(kind, convention, latent, kernel(scale), Set.of());
    Judged judged = judged(kind, OptionalDouble.empty());
    assertEquals(Set.of(), judged.wrong());
    assertTrue(judged.verdict.stage(Stage.MERGE).isChecked());
    for (Stage stage : List.of(Stage.PARTIAL, Stage.WHOLE)) {
      assertFalse(judged.verdict.stage(stage).isChecked());
    }
    double asked = judged.asked(Stage.PARTIAL);
    assertEquals(scale, asked, 1e-4 * scale);
    assertEquals(asked, judged.asked(Stage.WHOLE));
    Judged told = judged(kind, OptionalDouble.of(asked));
    assertEquals(Set.of(), told.wrong());
    assertTrue(told.verdict.stage(Stage.PARTIAL).isChecked());
    assertTrue(told.verdict.stage(Stage.WHOLE).isChecked());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aScaleThatWasSaidConvicts(Kind kind, Convention convention, boolean latent, double scale) {
    written(kind, convention, latent, kernel(scale), Set.of());
    double said = 1 / Math.sqrt(kind.shape().keyDim());
    Judged judged = judged(kind, OptionalDouble.of(said));
    assertTrue(judged.wrong().contains(Stage.PARTIAL));
    assertFalse(judged.wrong().contains(Stage.MERGE));
    Explanation explanation = judged.verdict.stage(Stage.PARTIAL).explanations().get(0);
    assertTrue(explanation.isWhole(), explanation.best()::toString);
    assertTrue(
        explanation.best().stream().anyMatch(fit -> isOfScale(fit.fault(), scale)),
        explanation.best()::toString);
  }

  private static boolean isOfScale(String fault, double scale) {
    Matcher number = Pattern.compile("softmax scale (1/)?(√)?([0-9.]+).*").matcher(fault);
    if (!number.matches()) {
      return false;
    }
    double x = Double.parseDouble(number.group(3));
    double root = number.group(2) == null ? x : Math.sqrt(x);
    double said = number.group(1) == null ? root : 1 / root;
    return Math.abs(said - scale) < 1e-4 * scale;
  }

  /** What looks like another scale may be a fault that has a name, which is told. */
  @Test
  void aFaultThatActsAsAScaleIsToldBesideTheScale() {
    Kind fp8 = Kind.plain().with(new Extras(false, false, false, false, true));
    GpuKernel kernel = new GpuKernel();
    kernel.scales = CacheScales::withoutKeys;
    written(fp8, NamedConventions.VLLM_DCP, false, kernel, Set.of());
    Judged judged = judged(fp8, OptionalDouble.empty());
    assertEquals(Set.of(), judged.wrong());
    String asked = judged.verdict.stage(Stage.PARTIAL).lacking().orElseThrow();
    assertTrue(asked.endsWith("; else the fault is \"scale of K missing\""), asked);
  }

  /** Without LSEs, and without partial states at all, outputs in BF16 have to tell the scale. */
  @ParameterizedTest
  @MethodSource("kinds")
  void outputsAloneTellTheScale(Kind kind, Convention convention, boolean latent, double scale) {
    Set<StepTensor> lses = EnumSet.of(StepTensor.PARTIAL_LSE);
    Set<StepTensor> partials = EnumSet.of(StepTensor.PARTIAL_LSE, StepTensor.PARTIAL_OUTPUT);
    for (Set<StepTensor> without : List.of(lses, partials)) {
      written(kind, convention, latent, kernel(scale), without);
      Judged judged = judged(kind, OptionalDouble.empty());
      assertEquals(Set.of(), judged.wrong(), () -> "without " + without);
      double asked = judged.asked(Stage.WHOLE);
      assertEquals(scale, asked, 1e-2 * scale);
      assertEquals(Set.of(), judged(kind, OptionalDouble.of(asked)).wrong());
    }
  }

  /** Whatever the scale is, one of these ranks is wrong, and it is not those that agree. */
  @ParameterizedTest
  @CsvSource({"3, 2", "4, 1", "5, 0", "6, 3"})
  void aRankThatIsWrongUnderEveryScaleIsConvictedByThatOfTheOthers(long seed, int wrong) {
    GpuKernel kernel = kernel(YARN);
    kernel.slots =
        (step, rank, token) -> {
          int[] right = GpuKernel.right(step, rank, token);
          return new int[] {right[0], rank == wrong ? right[1] - 1 : right[1]};
        };
    DrawnStep drawn = new DrawnStep(seed, Kind.plain(), NamedConventions.VLLM_DCP, LENGTHS);
    DrawnDump.write(folder, drawn, drawn.dumped(kernel, new GpuMerge()));
    Judged judged = judged(Kind.plain(), OptionalDouble.empty());
    StageVerdict partial = judged.verdict.stage(Stage.PARTIAL);
    assertTrue(partial.isWrong());
    Set<Integer> ranks = new TreeSet<>();
    partial.tally().wrongPlaces().forEach(place -> ranks.add(place.rank()));
    assertEquals(Set.of(wrong), ranks);
    assertTrue(partial.explanations().get(0).isWhole());
    assertTrue(
        judged.dumped.remarks().stream()
            .anyMatch(said -> said.contains("judged with softmax scale")),
        judged.dumped.remarks()::toString);
  }

  @Test
  void aTensorCanStateTheScale() {
    DrawnStep drawn = new DrawnStep(3, Kind.plain(), NamedConventions.VLLM_DCP, LENGTHS);
    ShardedStep step = drawn.dumped(kernel(YARN), new GpuMerge());
    DrawnDump.write(folder, drawn, step, Map.of("sm_scale", new double[] {(float) YARN}));
    Judged told = judged(Kind.plain(), OptionalDouble.empty());
    assertEquals(Set.of(), told.wrong());
    assertTrue(told.verdict.stage(Stage.PARTIAL).isChecked());
    DrawnDump.write(folder, drawn, step, Map.of("softmax_scale", new double[] {0.25}));
    assertTrue(judged(Kind.plain(), OptionalDouble.empty()).wrong().contains(Stage.PARTIAL));
    for (double[] none : List.of(new double[] {-1}, new double[] {0.1, 0.2})) {
      DrawnDump.write(folder, drawn, step, Map.of("sm_scale", none));
      String message =
          assertThrows(
                  InvalidInputException.class, () -> judged(Kind.plain(), OptionalDouble.empty()))
              .getMessage();
      assertTrue(message.contains("sm_scale"), message);
      assertTrue(message.contains("expected one positive number, got "), message);
    }
  }

  /** A right scale stays the assumed one, and the rank that has another is convicted of it. */
  @Test
  void aScaleOfOneRankAloneConvictsThatRank() {
    GpuKernel kernel = new GpuKernel();
    kernel.exported = states -> states;
    DrawnStep drawn = new DrawnStep(3, Kind.plain(), NamedConventions.VLLM_DCP, LENGTHS);
    ShardedStep right = drawn.dumped(kernel, new GpuMerge());
    ShardedStep other = drawn.dumped(kernel(YARN), new GpuMerge());
    DrawnDump.write(
        folder, drawn, right.changed(rank -> rank.rank() == 1 ? other.ranks().get(1) : rank));
    Judged judged = judged(Kind.plain(), OptionalDouble.empty());
    Explanation explanation = judged.verdict.stage(Stage.PARTIAL).explanations().get(0);
    assertEquals(Set.of(1), explanation.ranks());
    assertTrue(explanation.isWhole(), explanation.best()::toString);
    assertTrue(
        explanation.best().stream().anyMatch(fit -> isOfScale(fit.fault(), YARN)),
        explanation.best()::toString);
  }

  /** Nothing tells which of two ranks has the model's scale; so what is said is said of both. */
  @Test
  void ifTwoScalesFitAsManyRanksEachTheOtherOneIsTold() {
    Kind two = Kind.plain().of(new StepShape(8, 2, 16, 16, 2));
    DrawnStep drawn = new DrawnStep(3, two, NamedConventions.VLLM_DCP, LENGTHS);
    ShardedStep right = drawn.dumped(new GpuKernel(), new GpuMerge());
    ShardedStep other = drawn.dumped(kernel(YARN), new GpuMerge());
    DrawnDump.write(
        folder, drawn, right.changed(rank -> rank.rank() == 1 ? other.ranks().get(1) : rank));
    Judged judged = judged(two, OptionalDouble.empty());
    assertTrue(judged.wrong().contains(Stage.PARTIAL));
    assertTrue(
        judged.dumped.remarks().stream()
            .anyMatch(said -> said.contains("fits what the assumed one does not")),
        judged.dumped.remarks()::toString);
  }

  /** One head is wrong on every rank, so that no rank is right under any scale. */
  @Test
  void aFaultOfOneHeadIsJudgedByTheScaleOfTheOthers() {
    GpuKernel kernel = kernel(YARN);
    kernel.kvHead = (head, group) -> head == 3 ? 1 : head / group;
    written(Kind.plain(), NamedConventions.VLLM_DCP, false, kernel, Set.of());
    Judged judged = judged(Kind.plain(), OptionalDouble.empty());
    StageVerdict partial = judged.verdict.stage(Stage.PARTIAL);
    Set<Integer> heads = new TreeSet<>();
    partial.tally().wrongPlaces().forEach(place -> heads.add(place.head()));
    assertEquals(Set.of(3), heads);
    Explanation explanation = partial.explanations().get(0);
    assertTrue(explanation.isWhole(), explanation.best()::toString);
    assertEquals(Set.of(3), explanation.scope().heads());
  }

  /** One number fits some scale whatever is wrong with it; so it tells nothing of either. */
  @ParameterizedTest
  @CsvSource({"40, PARTIAL_OUTPUT", "2, PARTIAL_LSE"})
  void aScaleThatIsFittedToOneNumberDecidesNothing(int tokens, StepTensor without) {
    Kind kind = Kind.plain().of(new StepShape(1, 1, 16, 16, 1));
    GpuKernel kernel = kernel(YARN);
    DrawnStep drawn = new DrawnStep(3, kind, NamedConventions.VLLM_DCP, tokens);
    ShardedStep step = drawn.dumped(kernel, new GpuMerge());
    Set<StepTensor> left = EnumSet.of(without, StepTensor.MERGED_OUTPUT);
    DrawnDump.write(folder, drawn, step.changed(rank -> without(rank, left)));
    Judged judged = judged(kind, OptionalDouble.empty());
    assertEquals(Set.of(), judged.wrong());
    assertEquals(Set.of(Stage.PARTIAL), judged.dumped.facts().undecided());
    String lacking = judged.verdict.stage(Stage.PARTIAL).lacking().orElseThrow();
    assertTrue(lacking.startsWith("the softmax scale: give --scale, since "), lacking);
    assertFalse(lacking.contains("if it is the model's"), lacking);
    // Two numbers are one more than one scale fits.
    DrawnDump.write(
        folder, drawn, step.changed(rank -> without(rank, EnumSet.of(StepTensor.MERGED_OUTPUT))));
    judged = judged(kind, OptionalDouble.empty());
    assertEquals(Set.of(), judged.dumped.facts().undecided());
    assertEquals(YARN, judged.asked(Stage.PARTIAL), 1e-2 * YARN);
  }

  /** No scale makes up for these; so what was wrong under the assumed one stays wrong. */
  @Test
  void aFaultThatIsNoScaleIsConvictedThoughTheScaleIsAssumed() {
    GpuKernel kernel = new GpuKernel();
    kernel.exported = states -> GpuKernel.times(states, 1.1);
    written(Kind.plain(), NamedConventions.VLLM_DCP, false, kernel, Set.of());
    assertTrue(judged(Kind.plain(), OptionalDouble.empty()).wrong().contains(Stage.PARTIAL));
    GpuKernel undivided = new GpuKernel();
    undivided.divides = false;
    written(Kind.plain(), NamedConventions.VLLM_DCP, false, undivided, Set.of());
    assertTrue(judged(Kind.plain(), OptionalDouble.empty()).wrong().contains(Stage.PARTIAL));
  }

  private static GpuKernel kernel(double scale) {
    GpuKernel kernel = new GpuKernel();
    kernel.rule = rule -> rule.withScale(scale);
    return kernel;
  }

  private void written(
      Kind kind, Convention convention, boolean latent, GpuKernel kernel, Set<StepTensor> without) {
    DrawnStep drawn = new DrawnStep(3, kind, convention, LENGTHS);
    drawn = latent ? drawn.latent() : drawn;
    ShardedStep step = drawn.dumped(kernel, new GpuMerge());
    DrawnDump.write(folder, drawn, step.changed(rank -> without(rank, without)));
  }

  private static RankStep without(RankStep rank, Set<StepTensor> tensors) {
    Map<StepTensor, double[]> left = new EnumMap<>(rank.tensors());
    left.keySet().removeAll(tensors);
    return new RankStep(rank.rank(), left, rank.cache());
  }

  private record Judged(DumpedStep dumped, StepVerdict verdict) {
    Set<Stage> wrong() {
      Set<Stage> wrong = EnumSet.noneOf(Stage.class);
      verdict.stages().stream()
          .filter(StageVerdict::isWrong)
          .forEach(stage -> wrong.add(stage.stage()));
      return wrong;
    }

    double asked(Stage stage) {
      String lacking = verdict.stage(stage).lacking().orElseThrow();
      Matcher asked = ASKED.matcher(lacking);
      assertTrue(asked.matches(), lacking);
      return Double.parseDouble(asked.group(1));
    }
  }

  private Judged judged(Kind kind, OptionalDouble scale) {
    GivenFacts.Sharding round = GivenFacts.NONE.sharding();
    Extras extras = kind.extras();
    GivenFacts given =
        GivenFacts.NONE
            .with(
                new GivenFacts.Sharding(
                    OptionalInt.empty(),
                    round.rule(),
                    OptionalInt.of(kind.runLength()),
                    kind.phase(),
                    List.of()))
            .with(
                new GivenFacts.Scores(
                    scale,
                    extras.softCap() ? OptionalDouble.of(3) : OptionalDouble.empty(),
                    extras.window() ? OptionalInt.of(13) : OptionalInt.empty()));
    try (Dump dump = DumpReader.open(List.of(folder), DumpOptions.NONE)) {
      DumpedSteps steps = new DumpedSteps(dump, given);
      DumpedStep dumped = steps.step(steps.moments().get(0), 0);
      return new Judged(
          dumped, StepVerdict.of(dumped.right(), EnumSet.allOf(Stage.class), dumped.unknown()));
    }
  }
}
