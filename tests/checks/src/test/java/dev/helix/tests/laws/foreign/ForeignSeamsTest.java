package dev.helix.tests.laws.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.LawFindings;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.attention.AttentionFeature;
import dev.helix.laws.attention.files.AttentionFiles;
import dev.helix.laws.foreign.ForeignProgram;
import dev.helix.laws.foreign.ForeignSeam;
import dev.helix.laws.foreign.ProgramFailure;
import dev.helix.laws.foreign.ProgramRun;
import dev.helix.laws.placement.PlacementKind;
import dev.helix.laws.placement.files.PlacementFiles;
import dev.helix.laws.routing.RoutingRule.Scoring;
import dev.helix.laws.routing.files.RouterDeclaration;
import dev.helix.laws.routing.files.RoutingFiles;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs that stay alive in the place of a kernel, a placement or a router: right ones, wrong
 * ones, and those that do not do their part.
 */
class ForeignSeamsTest {
  /** For each file; only a hang takes as long. */
  private static final int SECONDS = 600;

  private static final ForeignSeam<?, ?, ?> ATTENTION =
      new AttentionFiles(Convention.of(Precision.FP64), features());

  private static final ForeignSeam<?, ?, ?> PLACEMENT =
      new PlacementFiles(Set.of(PlacementKind.ROUND_ROBIN));

  private static final ForeignSeam<?, ?, ?> ROUTING =
      new RoutingFiles(new RouterDeclaration(DType.F64, Set.of(Scoring.SOFTMAX), Set.of()));

  private static Set<AttentionFeature> features() {
    Set<AttentionFeature> features = EnumSet.copyOf(AttentionFeature.withoutRotation());
    features.remove(AttentionFeature.MILLION_TOKENS);
    return features;
  }

  static Stream<Arguments> rightOnes() {
    return Stream.of(
        Arguments.of(
            ATTENTION,
            List.of(
                Law.ATTENTION_DEFINITION,
                Law.ATTENTION_EMPTY,
                Law.ATTENTION_PADDING,
                Law.ATTENTION_BATCH,
                Law.ATTENTION_PARTITION,
                Law.ATTENTION_NAN_IS_REPORTED)),
        Arguments.of(
            PLACEMENT,
            List.of(
                Law.PLACEMENT_OWNERS,
                Law.PLACEMENT_LENGTHS,
                Law.PLACEMENT_BIJECTION,
                Law.PLACEMENT_GROWTH)),
        Arguments.of(
            ROUTING, List.of(Law.ROUTING_CHOICE, Law.ROUTING_WEIGHTS, Law.ROUTING_TOKENS)));
  }

  @ParameterizedTest
  @MethodSource("rightOnes")
  void aRightProgramKeepsTheLawsOfItsSeam(ForeignSeam<?, ?, ?> seam, List<Law> laws) {
    for (LawOutcome outcome : run(seam, "right", laws, 0).outcomes()) {
      assertTrue(outcome.holds(), outcome::toString);
      assertTrue(outcome.checked(), outcome::toString);
    }
  }

  static Stream<Arguments> wrongOnes() {
    return Stream.of(
        Arguments.of(ATTENTION, "nan", Law.ATTENTION_DEFINITION, "the answer is NaN"),
        Arguments.of(ATTENTION, "dtype", Law.ATTENTION_DEFINITION, "dtype f32, expected f64"),
        Arguments.of(ATTENTION, "shape", Law.ATTENTION_DEFINITION, "output has shape ["),
        Arguments.of(ATTENTION, "count", Law.ATTENTION_DEFINITION, "there is no tensor "),
        Arguments.of(PLACEMENT, "nan", Law.PLACEMENT_LENGTHS, "and its local length is 1"),
        Arguments.of(ROUTING, "nan", Law.ROUTING_WEIGHTS, "times the bound"));
  }

  @ParameterizedTest
  @MethodSource("wrongOnes")
  void aWrongAnswerIsANamedFailureOnOneLine(
      ForeignSeam<?, ?, ?> seam, String mode, Law law, String expected) {
    String violation = run(seam, mode, List.of(law), 0).outcomes().get(0).violation().orElseThrow();
    assertTrue(violation.contains(expected), violation);
    assertEquals(1, violation.lines().count(), violation);
  }

  /** One missing rule breaks several laws, which are told once, on a case that has little else. */
  @Test
  void aFaultIsToldOnceAndOnASimpleCase() {
    LawFindings found =
        run(ATTENTION, "capless", List.of(Law.ATTENTION_DEFINITION, Law.ATTENTION_PARTITION), 20);
    assertEquals(1, found.causes().size(), found::toString);
    assertEquals("with a soft cap", found.causes().get(0).rows().orElseThrow());
    String violation = found.outcomes().get(0).violation().orElseThrow();
    assertTrue(violation.contains("1 query tokens"), violation);
    assertTrue(violation.contains("1 heads on 1 KV heads"), violation);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            "echo no device >&2; exit 3",
            "ended: exit status 3 before the line 'done', its last words: no device, at file 1"),
        Arguments.of(
            "read files; echo loading; sleep 3",
            "unknown: expected the line 'done' on standard output, got 'loading', at file 1"),
        Arguments.of(
            "read files; echo done; read more",
            "missing: the program ended well and wrote no file of answers, at start 1"),
        Arguments.of(
            "read files; printf x > \"${files#*\t}\"; echo done; read more", "malformed: "),
        Arguments.of(
            ServingProgram.command("midway"),
            "ended: exit status 7 before the line 'done', its last words: no memory left, at file"
                + " 1"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aProgramThatDoesNotServeIsANamedFailure(String command, String expected) {
    ProgramFailure failure = assertThrows(ProgramFailure.class, () -> runCommand(command, SECONDS));
    assertTrue(failure.getMessage().startsWith(expected), failure.getMessage());
    assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
  }

  @Test
  void aProgramThatIsSilentIsLate() {
    ProgramFailure failure = assertThrows(ProgramFailure.class, () -> runCommand("sleep 3600", 1));
    assertEquals("late: no answer within 1 s, to file 1", failure.getMessage());
  }

  private static void runCommand(String command, int seconds) {
    ProgramRun how = new ProgramRun(command, ProgramRun.Way.SERVING, seconds, 0);
    run(new ForeignProgram<>(how, ATTENTION), List.of(Law.ATTENTION_EMPTY));
  }

  private static LawFindings run(
      ForeignSeam<?, ?, ?> seam, String mode, List<Law> laws, int rounds) {
    ProgramRun how =
        new ProgramRun(ServingProgram.command(mode), ProgramRun.Way.SERVING, SECONDS, rounds);
    return run(new ForeignProgram<>(how, seam), laws);
  }

  /** Every sixth of the cases that are not long. */
  private static <C> LawFindings run(ForeignProgram<C, ?, ?> program, List<Law> laws) {
    List<C> all =
        program.laws().cases(1, 1).stream().filter(c -> !program.laws().isLong(c)).toList();
    List<C> some = new ArrayList<>();
    IntStream.range(0, all.size()).filter(at -> at % 6 == 0).forEach(at -> some.add(all.get(at)));
    return program.run(laws, some, settled -> {});
  }
}
