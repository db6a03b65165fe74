package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Law;
import dev.helix.laws.LawSuite;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Seam;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.UnderTest;
import dev.helix.laws.kept.KeptCase;
import dev.helix.laws.kept.KeptFile;
import dev.helix.laws.kept.KeptMerge;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.MergeTrials;
import dev.helix.laws.merge.MergeUnderTest;
import dev.helix.laws.merge.Subject;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.museum.Exhibit;
import dev.helix.laws.museum.Museum;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code helix laws --keep} and {@code --replay}: a case that broke a law breaks it again. */
class KeptCasesTest {
  @TempDir private Path directory;

  @Test
  void aProgramsCaseIsKeptAndRunAgainWithTheSameVerdict() {
    HelixProgram kept = HelixProgram.run("laws --exec cp --law one-rank --cases 1 --keep", cases());
    assertEquals(1, kept.status());
    assertTrue(kept.out().contains("kept 1 case in " + cases()), kept.out());
    HelixProgram again =
        HelixProgram.run("laws", "--exec", "cp", "--replay", program("one-rank").toString());
    assertEquals(1, again.status());
    assertTrue(again.out().contains("the verdict is the one that was kept"), again.out());
    assertEquals(kept.err(), again.err());
  }

  @Test
  void anotherImplementationKeepsTheLawOnAProgramsCase() {
    HelixProgram.run("laws --exec cp --law one-rank --cases 1 --keep", cases());
    String file = program("one-rank").toString();
    HelixProgram fp64 = HelixProgram.run("laws", "--replay", file, "--implementation", "fp64");
    assertEquals(0, fp64.status(), fp64.err());
    assertTrue(fp64.out().contains("the law holds on the kept case"), fp64.out());
    refused("--replay: expected --exec or --implementation", "laws", "--replay", file);
    refused(
        "--implementation: expected one that the law one-rank is about, of the seam MERGE",
        "laws",
        "--replay",
        file,
        "--implementation",
        "decode");
    refused("--seed: has no effect with --replay", "laws", "--replay", file, "--seed", "2");
    refused(
        "--base: has no effect with --replay",
        "laws",
        "--replay",
        file,
        "--exec",
        "cp",
        "--base",
        "2");
  }

  /** A case of another seam is drawn again, made simpler in the same steps. */
  @Test
  void aCaseOfAKernelBreaksItsLawAgain() {
    UnderTest swapped = variant("K and V quantisation scales swapped");
    Path file = directory.resolve("kernel.safetensors");
    LawViolation violation = keep(Law.ATTENTION_DEFINITION, swapped, swapped.laws(), file);
    assertFalse(violation.origin().orElseThrow().steps().isEmpty());
    assertEquals(
        violation.withoutDiagnosis(),
        again(KeptFile.read(file), swapped.laws()).withoutDiagnosis());
  }

  private static <C> LawViolation keep(Law law, UnderTest subject, SeamTrials<C> laws, Path file) {
    LawViolation violation = LawSuite.run(law, subject, 7, 1).broken().orElseThrow();
    KeptCase.Drawn drawn = new KeptCase.Drawn(7, 1, violation.origin().orElseThrow());
    C given = drawn.from(laws);
    KeptFile.write(
        new KeptCase("kernel", law, drawn, laws.inFull(given), violation.getMessage()), file);
    return violation;
  }

  private static <C> LawViolation again(KeptFile file, SeamTrials<C> laws) {
    C given = file.kept().again(laws, "file");
    return LawSuite.once(file.kept().law(), laws, given).broken().orElseThrow();
  }

  @Test
  void aCaseThatIsDrawnOtherwiseIsOfAnotherVersion() {
    UnderTest swapped = variant("K and V quantisation scales swapped");
    Path file = directory.resolve("kernel.safetensors");
    keep(Law.ATTENTION_DEFINITION, swapped, swapped.laws(), file);
    KeptCase kept = KeptFile.read(file).kept();
    KeptCase other =
        new KeptCase(kept.implementation(), kept.law(), kept.drawn(), "x", kept.violation());
    InvalidInputException refused =
        assertThrows(InvalidInputException.class, () -> other.again(swapped.laws(), "file"));
    assertTrue(refused.getMessage().endsWith("are of another version"), refused.getMessage());
  }

  /** What is declared and what was asked come back, of a merge that is special in every way. */
  @Test
  void aCaseOfAMergeIsInTheFileAsItWasAsked() {
    Declaration declared =
        Declaration.of(Convention.of(Precision.FP32).base2().headsFirst().maxSum().emptyAs(-1e30f))
            .sized(OptionalInt.of(2), OptionalInt.of(3));
    MergeUnderTest zeros =
        MergeUnderTest.of(
            declared,
            in -> {
              int rows = in.tokens() * in.heads();
              return new Partial(new double[rows * in.dim()], new double[rows]);
            });
    LawViolation violation = LawSuite.run(Law.PARTITION, zeros, 3, 1).broken().orElseThrow();
    KeptCase.Drawn drawn = new KeptCase.Drawn(3, 1, violation.origin().orElseThrow());
    MergeCase given = drawn.from(new MergeTrials(Subject.of(zeros)));
    KeptCase kept =
        new KeptCase("zeros", Law.PARTITION, drawn, given.toString(), violation.getMessage());
    Path file = directory.resolve("merge.safetensors");
    KeptFile.write(kept, new KeptMerge(declared, given), violation.inquiries(), file);

    KeptFile read = KeptFile.read(file);
    assertEquals(kept, read.kept());
    KeptMerge merge = read.merge().orElseThrow();
    assertEquals(declared, merge.declared());
    assertEquals(given.toString(), merge.given().toString());
    assertArrayEquals(given.outputs(), merge.given().outputs());
    assertArrayEquals(given.lses(), merge.given().lses());
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      // Heads first, and both sizes as declared.
      assertEquals(2L, tensors.shape("0.outputs").get(1));
      assertEquals(3L, tensors.shape("0.outputs").get(3));
      assertEquals(tensors.shape("0.outputs").subList(1, 4), tensors.shape("answer.0.outputs"));
      assertTrue(Arrays.stream(tensors.read("answer.0.outputs")).allMatch(x -> x == 0));
    }
  }

  @Test
  void aFileThatIsNoneAsItWasWrittenIsRefusedInALine() throws IOException {
    HelixProgram.run("laws --exec cp --law one-rank --cases 1 --keep", cases());
    byte[] whole = Files.readAllBytes(program("one-rank"));
    Path damaged = directory.resolve("damaged.safetensors");
    byte[] flipped = whole.clone();
    flipped[flipped.length - 1] ^= 1;
    Files.write(damaged, flipped);
    replayRefused(damaged, "expected a file as it was written, got one with another digest");
    String text = new String(whole, StandardCharsets.ISO_8859_1);
    for (String key : List.of("base", "layout", "weights", "empty", "cases")) {
      int at = text.indexOf('"' + key + "\":\"") + key.length() + 4;
      flipped = whole.clone();
      flipped[at] = (byte) (flipped[at] == '2' ? 'e' : '2');
      Files.write(damaged, flipped);
      replayRefused(damaged, "expected a file as it was written, got one with another digest");
    }
    Files.write(damaged, Arrays.copyOf(whole, whole.length - 1));
    replayRefused(damaged, "damaged.safetensors: ");
    Files.writeString(damaged, "hello");
    replayRefused(damaged, "damaged.safetensors: ");
    new SafetensorsWriter().metadata("kept", "1").write(damaged);
    replayRefused(damaged, "expected a kept case of version 3, got version 1");
    new SafetensorsWriter().metadata("cases", "2").write(damaged);
    replayRefused(damaged, "expected a kept case of version 3, got version none");
    replayRefused(directory.resolve("nowhere"), "nowhere: ");
  }

  /** Cases of more numbers than are shown are told apart by them. */
  @Test
  void aCaseOfOtherNumbersIsAnotherCase() {
    for (Seam seam : List.of(Seam.ROUTING, Seam.HEAD)) {
      UnderTest subject =
          Museum.exhibits().stream()
              .map(exhibit -> exhibit.variants().get(0))
              .filter(variant -> variant.seam() == seam)
              .findFirst()
              .orElseThrow();
      tellsNumbersApart(subject.laws());
    }
  }

  private static <C> void tellsNumbersApart(SeamTrials<C> laws) {
    int alike = 0;
    for (C given : laws.cases(1, 1)) {
      for (C rounder : laws.simpler(given)) {
        alike += rounder.toString().equals(given.toString()) ? 1 : 0;
        assertNotEquals(laws.inFull(given), laws.inFull(rounder));
      }
    }
    assertTrue(alike > 0, "no two cases are told by the same words");
  }

  private static void replayRefused(Path file, String expected) {
    refused(expected, "laws", "--exec", "cp", "--replay", file.toString());
  }

  @Test
  void aPlaceThatTakesNoFilesIsRefusedBeforeTheLawsAreRun() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "hello");
    refused("expected a directory, found a file", "laws", "--keep", file.toString());
    Path nowhere = directory.resolve("not/there");
    refused("or a place to make one", "laws", "--keep", nowhere.toString());
    assertEquals("hello", Files.readString(file));
  }

  private static void refused(String expected, String... arguments) {
    HelixProgram program = HelixProgram.run(arguments);
    assertEquals(2, program.status(), program.out());
    assertTrue(program.err().contains(expected), program.err());
    assertEquals(1, program.err().lines().count(), program.err());
  }

  private Path cases() {
    return directory.resolve("cases");
  }

  private Path program(String law) {
    return cases().resolve("program." + law + ".safetensors");
  }

  private static UnderTest variant(String name) {
    Exhibit exhibit =
        Museum.exhibits().stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
    return exhibit.variants().get(0);
  }
}
