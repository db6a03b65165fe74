package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.laws.Law;
import dev.helix.laws.Seam;
import dev.helix.laws.museum.Exhibit;
import dev.helix.laws.museum.Museum;
import dev.helix.tensor.io.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code helix laws} as a command: verdicts, the report, and what a user can get wrong. */
class LawsCommandTest {
  @TempDir private Path directory;

  @Test
  void theBuiltInMergesKeepALawAndTheReportSaysSo() throws IOException {
    Path json = directory.resolve("laws.json");
    HelixProgram program = HelixProgram.run("laws", "--law", "one-rank", "--json", json.toString());
    assertEquals(0, program.status(), program.err());
    assertTrue(program.out().contains("all laws hold"), program.out());
    List<JsonObject> outcomes = JsonObject.read(json).objects("outcomes");
    assertEquals(7, outcomes.size());
    assertTrue(outcomes.stream().allMatch(o -> o.flag("holds", false)));
  }

  @Test
  void theLawsOfASeamAreTriedOnWhatStandsThere() {
    HelixProgram program = HelixProgram.run("laws", "--seam", "placement", "--cases", "1");
    assertEquals(0, program.status(), program.err());
    assertTrue(program.out().contains("round robin"), program.out());
    for (Law law : Law.values()) {
      boolean shown = program.out().contains(law.label());
      assertEquals(law.seam() == Seam.PLACEMENT, shown, law::label);
    }
  }

  @Test
  void aBrokenLawIsStatusOneAndALine() {
    HelixProgram program = HelixProgram.run("laws", "--law", "one-rank", "--exec", "cp");
    assertEquals(1, program.status());
    assertTrue(program.out().contains("BROKEN"), program.out());
    assertTrue(program.err().startsWith("helix: program: law one-rank ("), program.err());
    assertEquals(1, program.err().lines().count());
  }

  /** The merge of vLLM takes two parts or more, so that the law about one part asks nothing. */
  @Test
  void whereNoLawCouldBeCheckedThereIsNoVerdict() throws IOException {
    Path json = directory.resolve("laws.json");
    HelixProgram program =
        HelixProgram.run(
            "laws --exec cp --convention vllm-dcp --law one-rank --cases 1 --json", json);
    assertEquals(2, program.status(), program.out());
    assertFalse(program.out().contains("hold"), program.out());
    assertFalse(program.out().contains("largest"), program.out());
    assertEquals(
        "NO VERDICT: no law could be checked", program.out().lines().reduce((a, b) -> b).get());
    JsonObject report = JsonObject.read(json);
    assertFalse(report.flag("passed", true));
    assertFalse(report.objects("outcomes").get(0).has("holds"));
  }

  @Test
  void aProgramOfAnotherSeamIsToldWhyALawIsNotCheckedToo() {
    for (List<String> one :
        List.of(
            List.of("placement-steps", "a program is asked for each request by itself"),
            List.of("attention-needle", "the feature million-tokens is not declared"))) {
      HelixProgram program =
          HelixProgram.run(("laws --exec true --cases 1 --law " + one.get(0)).split(" ", -1));
      assertEquals(2, program.status(), program.out());
      String line = "law %s is not checked: %s".formatted(one.get(0), one.get(1));
      assertTrue(program.out().lines().anyMatch(line::equals), program.out());
    }
  }

  @Test
  void aVerdictSaysHowManyLawsItIsAbout() throws IOException {
    Path json = directory.resolve("laws.json");
    HelixProgram program =
        HelixProgram.run(
            "laws --implementation fp64 --law one-rank --law lse-range --cases 1 --json", json);
    assertEquals(0, program.status(), program.err());
    assertTrue(
        program.out().contains("all laws hold that could be checked, 1 of 2; "), program.out());
    JsonObject report = JsonObject.read(json);
    assertTrue(report.flag("passed", false));
    List<JsonObject> outcomes = report.objects("outcomes");
    assertEquals(List.of(false, true), outcomes.stream().map(o -> o.has("holds")).toList());
  }

  @Test
  void aProgramThatDoesNotAnswerIsStatusThreeAndLeavesTheReportOfAnEarlierRunAlone()
      throws IOException {
    Path json = directory.resolve("laws.json");
    Files.writeString(json, "{}");
    HelixProgram program =
        HelixProgram.run("laws", "--law", "hull", "--exec", "false", "--json", json.toString());
    assertEquals(3, program.status());
    assertTrue(program.out().contains("NO VERDICT"), program.out());
    assertEquals(1, program.err().lines().count(), program.err());
    assertEquals("{}", Files.readString(json));
  }

  @Test
  void theListHasEveryLaw() {
    HelixProgram program = HelixProgram.run("laws", "--list");
    assertEquals(0, program.status(), program.err());
    assertEquals(Law.values().length, program.out().lines().count());
  }

  @Test
  void theGuideOfTheMuseumHasAParagraphForEachExhibit() {
    HelixProgram program = HelixProgram.run("museum", "--list");
    assertEquals(0, program.status(), program.err());
    for (Exhibit exhibit : Museum.exhibits()) {
      assertTrue(program.out().contains(exhibit.seenIn()), exhibit.name());
    }
    List<String> lines = program.out().lines().toList();
    assertTrue(lines.stream().allMatch(line -> line.length() <= 100), program.out());
    int words = Museum.exhibits().stream().mapToInt(e -> e.story().split(" ").length).sum();
    assertTrue(program.out().split("\\s+").length > words, "a story is cut short");
  }

  /** A fault may survive some laws though another one finds it. */
  @Test
  void aFaultThatTheGivenLawMissesIsNotSaidToSurviveAllLaws() {
    HelixProgram program = HelixProgram.run("museum", "--law", "placement-growth", "--cases", "1");
    assertEquals(1, program.status(), program.err());
    assertTrue(program.err().lines().count() > 0);
    for (String line : program.err().lines().toList()) {
      assertTrue(line.startsWith("helix: not killed by the laws that were tried: "), line);
    }
  }

  static Stream<Arguments> wrongArguments() {
    return Stream.of(
        Arguments.of(
            "helix: --law: expected a name that laws --list has, got 'x'\n", List.of("--law", "x")),
        Arguments.of(
            "--law: expected a name that laws --list has, got 'parttion'; did you mean partition?",
            List.of("--law", "parttion")),
        Arguments.of(
            "laws of one of the seams merge, attention, placement and routing, got"
                + " --law decode-drafts --seam attention",
            List.of("--seam", "attention", "--law", "decode-drafts", "--exec", "true")),
        Arguments.of(
            "--features: expected alibi, million-tokens, quantisation-scales, separate-values,"
                + " sink, soft-cap, value-width, window or none, got 'cap'",
            List.of("--seam", "attention", "--exec", "true", "--features", "cap")),
        Arguments.of(
            "--features: expected at least one rule of placement, got none",
            List.of("--seam", "placement", "--exec", "true", "--features", "none")),
        Arguments.of(
            "--max-sum: has no effect with --seam attention",
            List.of("--seam", "attention", "--exec", "true", "--max-sum")),
        Arguments.of(
            "--format: has no effect with --seam placement",
            List.of("--seam", "placement", "--exec", "true", "--format", "fp32")),
        Arguments.of("--serve: has no effect without --exec", List.of("--serve")),
        Arguments.of("--json: has no effect with --exec -", List.of("--exec", "-", "--json", "-")),
        Arguments.of("--seam: expected one of merge, attention,", List.of("--seam", "x")),
        Arguments.of(
            "--law or --seam: expected, for --exec,",
            List.of("--seam", "decode", "--exec", "true")),
        Arguments.of("--cases: expected 1 to 100000, got 0", List.of("--cases", "0")),
        Arguments.of("expected fp64, fp32,", List.of("--exec", "true", "--format", "fp8")),
        Arguments.of("expected e or 2", List.of("--exec", "true", "--base", "10")),
        Arguments.of(
            "--empty: expected -inf, inf, nan or a number",
            List.of("--exec", "true", "--empty", "none")),
        Arguments.of("expected flashinfer,", List.of("--exec", "true", "--convention", "vllm")),
        Arguments.of(
            "--empty: a mark of parts without tokens is declared, but ring never gives any",
            List.of("--exec", "true", "--convention", "ring", "--empty", "inf")),
        Arguments.of(
            "--convention: shards=1: shards of a merge",
            List.of("--exec", "true", "--convention", "vllm-dcp,shards=1")),
        Arguments.of(
            "--exec: has no effect with --describe", List.of("--exec", "true", "--describe")),
        Arguments.of("at least 1 second", List.of("--exec", "true", "--timeout", "0")),
        Arguments.of("--dim: expected 1 to 4096, got 0", List.of("--exec", "true", "--dim", "0")),
        Arguments.of("--exec: expected a command, got nothing", List.of("--exec", " ")),
        Arguments.of("--format: has no effect without --exec", List.of("--format", "fp32")),
        Arguments.of("--simplify: has no effect without --exec", List.of("--simplify", "1")),
        Arguments.of(
            "--implementation: expected one of algebra,", List.of("--implementation", "x")),
        Arguments.of(
            "--implementation: expected one that a given law is about, got 'decode'",
            List.of("--law", "hull", "--implementation", "decode")),
        Arguments.of("--keep: has no effect with --list", List.of("--list", "--keep", "x")),
        Arguments.of("--seed: has no effect with --list", List.of("--list", "--seed", "2")),
        Arguments.of("--base: has no effect with --list", List.of("--list", "--base", "2")),
        Arguments.of("--empty: mark of a part without", List.of("--exec", "true", "--empty", "3")),
        Arguments.of("--museum: use the command museum\n", List.of("--museum", "--list")));
  }

  @ParameterizedTest
  @MethodSource("wrongArguments")
  void aWrongArgumentIsOneLineThatSaysWhatWasExpected(String expected, List<String> given) {
    HelixProgram program =
        HelixProgram.run(Stream.concat(Stream.of("laws"), given.stream()).toArray(String[]::new));
    assertEquals(2, program.status());
    assertTrue(program.err().contains(expected), program.err());
    assertEquals(1, program.err().lines().count(), program.err());
  }
}
