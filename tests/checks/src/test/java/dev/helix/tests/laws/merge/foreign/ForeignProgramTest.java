package dev.helix.tests.laws.merge.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.foreign.ForeignProgram;
import dev.helix.laws.foreign.ProgramFailure;
import dev.helix.laws.foreign.ProgramRun;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.cases.HardCase;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.cases.MergeCases;
import dev.helix.laws.merge.files.CaseFiles;
import dev.helix.laws.merge.states.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs under the laws: a right one, wrong ones, and those that do not do their part. */
class ForeignProgramTest {
  private static final Declaration FP64 = Declaration.of(Convention.of(Precision.FP64));

  private static final int EACH_HARD_CASE = HardCase.values().length;

  /**
   * Each hard case, and some of the many edges of tiles: every file takes a start of the program.
   */
  private static final List<MergeCase> CASES = someEdges(MergeCases.of(1, EACH_HARD_CASE));

  /** For each start of a program that ends; only a hang takes as long. */
  private static final int SECONDS = 600;

  @TempDir private Path directory;

  private static List<MergeCase> someEdges(List<MergeCase> all) {
    return IntStream.range(0, all.size())
        .filter(at -> at < EACH_HARD_CASE || at % 12 == 0)
        .mapToObj(all::get)
        .toList();
  }

  @Test
  void aProgramThatMergesRightKeepsTheLaws() {
    for (LawOutcome outcome :
        run(AnsweringProgram.command("correct"), Law.ASSOCIATIVE, Law.PARTITION, Law.ONE_RANK)) {
      assertTrue(outcome.holds(), () -> outcome.toString());
      assertEquals(tried(outcome.law()), outcome.cases());
      assertTrue(outcome.calls() >= EACH_HARD_CASE, outcome::toString);
    }
  }

  private static long tried(Law law) {
    Declaration declared = Declaration.of(Convention.of(Precision.FP64));
    return CASES.stream().filter(given -> declared.checks(law, given)).count();
  }

  @Test
  void aProgramIsAskedInItsOwnLayoutBaseAndMark() {
    Declaration other =
        Declaration.of(Convention.of(Precision.FP32).base2().headsFirst().emptyAs(-1e30f));
    List<LawOutcome> outcomes =
        program(AnsweringProgram.command("correct"), other, SECONDS, 0)
            .run(List.of(Law.PARTITION, Law.BASES), CASES, settled -> {})
            .outcomes();
    outcomes.forEach(outcome -> assertTrue(outcome.holds(), outcome::toString));
  }

  @Test
  void aProgramIsAskedInPairsAndInTheSizesThatItTakes() {
    Declaration other =
        Declaration.of(Convention.of(Precision.FP64).maxSum())
            .sized(OptionalInt.of(4), OptionalInt.of(8));
    List<LawOutcome> outcomes =
        program(AnsweringProgram.command("sized"), other, SECONDS, 0)
            .run(List.of(Law.PARTITION, Law.MAX_SUM, Law.WEIGHTS), CASES, settled -> {})
            .outcomes();
    outcomes.forEach(outcome -> assertTrue(outcome.holds(), outcome::toString));
  }

  static Stream<Arguments> wrongAnswers() {
    return Stream.of(
        Arguments.of("base", "law bases (", "times the bound"),
        Arguments.of("nan", "law partition (", "the answer is NaN"),
        Arguments.of("shape", "law partition (", "0.outputs has shape [1, "),
        Arguments.of("missing", "law partition (", "there is no tensor 0.lses"));
  }

  @ParameterizedTest
  @MethodSource("wrongAnswers")
  void aWrongAnswerIsANamedFailure(String mode, String law, String expected) {
    String violations =
        run(AnsweringProgram.command(mode), Law.PARTITION, Law.BASES).stream()
            .flatMap(outcome -> outcome.violation().stream())
            .reduce("", (a, b) -> a + "\n" + b);
    assertTrue(violations.contains(law) && violations.contains(expected), violations);
  }

  /** One weight is wrong: two shards of one token, one head and one component show it. */
  @Test
  void theSimplestCaseIsLookedForAmongThoseOfTheProgramToo() {
    LawOutcome outcome =
        program(AnsweringProgram.command("base"), FP64, SECONDS, 16)
            .run(List.of(Law.PARTITION), CASES, settled -> {})
            .outcomes()
            .get(0);
    String violation = outcome.violation().orElseThrow();
    assertTrue(violation.contains("2 shards, 1 tokens, 1 heads, 1 components"), violation);
  }

  @Test
  void nothingIsLeftOfTheProgramNorOfItsFiles() throws IOException, InterruptedException {
    Path place = directory.resolve("place");
    Path child = directory.resolve("child");
    ProgramFailure failure =
        failure(
            "dirname \"$1\" > '%s'; sleep 3661 & echo $! > '%s'; sleep 2 #"
                .formatted(place, child));
    assertTrue(failure.getMessage().startsWith("missing"), failure.getMessage());
    assertFalse(Files.exists(Path.of(Files.readString(place).strip())));
    long pid = Long.parseLong(Files.readString(child).strip());
    // What is ended ends when the system comes to it.
    long hang = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (runs(pid)) {
      assertTrue(System.nanoTime() - hang < 0, "the program's child is left");
      Thread.sleep(20);
    }
  }

  /** What has ended and was not asked for its status is still listed, without a command. */
  private static boolean runs(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().commandLine()).isPresent();
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            "echo no device >&2; exit 3;",
            "crashed: exit status 3 at start 1, its last words: no device"),
        Arguments.of("true", "missing: the program ended well and wrote no file"),
        Arguments.of("printf hello > \"$2\" #", "malformed: "),
        Arguments.of("no-such-program", "crashed: exit status 127"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aProgramThatDoesNotAnswerIsANamedFailure(String command, String expected) {
    ProgramFailure failure = failure(command);
    assertTrue(failure.getMessage().startsWith(expected), failure.getMessage());
    assertTrue(failure.getMessage().lines().count() == 1, failure.getMessage());
  }

  @Test
  void aProgramThatDoesNotEndIsLate() {
    ProgramFailure failure = failure("sleep 3600;", 1);
    assertEquals("late: no answer within 1 s, at start 1", failure.getMessage());
  }

  private static ProgramFailure failure(String command) {
    return failure(command, SECONDS);
  }

  private static ProgramFailure failure(String command, int timeoutSeconds) {
    ForeignProgram<MergeCase, Stack, Answer> program = program(command, FP64, timeoutSeconds, 0);
    return Assertions.assertThrows(
        ProgramFailure.class, () -> program.run(List.of(Law.PARTITION), CASES, settled -> {}));
  }

  private static List<LawOutcome> run(String command, Law... laws) {
    return program(command, FP64, SECONDS, 0).run(List.of(laws), CASES, settled -> {}).outcomes();
  }

  private static ForeignProgram<MergeCase, Stack, Answer> program(
      String command, Declaration declared, long timeoutSeconds, int roundsToSimplify) {
    return new ForeignProgram<>(
        new ProgramRun(command, ProgramRun.Way.EACH_FILE, timeoutSeconds, roundsToSimplify),
        new CaseFiles(declared));
  }
}
