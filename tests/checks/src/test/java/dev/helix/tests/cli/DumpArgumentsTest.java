package dev.helix.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a user can get wrong with the options of {@code verify} and {@code explain}: one line that
 * names the option, status 2, and nothing on standard output.
 */
class DumpArgumentsTest {
  private static final Path DUMPS =
      Path.of("../../helix-runtime/library/src/test/resources/dev/helix/runtime/dumps");

  @TempDir private Path folder;

  /** Words of the message, and behind them the options, split at spaces. */
  static Stream<List<String>> ofFacts() {
    String positive = ": expected a positive number, got ";
    return Stream.of(
        List.of("--scale" + positive + "0\n", "--scale 0"),
        List.of("--scale" + positive + "-1\n", "--scale -1"),
        List.of("--scale" + positive + "NaN\n", "--scale NaN"),
        List.of("--scale" + positive + "Infinity\n", "--scale Infinity"),
        List.of("--scale: expected a number, got 'nan' (see", "--scale nan"),
        List.of("--soft-cap" + positive + "0\n", "--soft-cap 0"),
        List.of("--soft-cap" + positive + "-2.5\n", "--soft-cap -2.5"),
        List.of("--window: expected at least 1, got 0\n", "--window 0"),
        List.of("--longest-sum: expected at least 1, got 0\n", "--longest-sum 0"),
        List.of("--kvp: expected a divisor of the dump's 4 ranks, got 3\n", "--kvp 3"),
        List.of("--lengths: expected 3 lengths, one for each request, got 2\n", "--lengths 70,5"),
        List.of("--lengths: expected 3 lengths, one for each request, got 1\n", "--lengths 7"),
        List.of(
            "--lengths: expected 3 lengths, one for each request, got 4\n", "--lengths 7,5,6,8"),
        List.of("--lengths: expected at least 1, got 0\n", "--lengths 70,0,9"),
        List.of(
            "--prompts: expected 3 lengths, one for each request's prompt, got 2\n",
            "--placement from-first-generated --run-length 16 --prompts 60,5"),
        List.of(
            "--prompts: has no effect without --placement from-first-generated\n",
            "--prompts 1,2,3"),
        List.of(
            "--placement: has no effect without --run-length\n",
            "--placement from-first-generated --prompts 60,5,130"),
        List.of("--start-phase: has no effect without --run-length\n", "--start-phase 3"),
        List.of("--start-phase: expected 0 to 63, got 99\n", "--start-phase 99 --run-length 16"),
        List.of(
            "--run-length: has no effect with --placement contiguous\n",
            "--placement contiguous --run-length 16"),
        List.of(
            "--start-phase: has no effect with --placement contiguous\n",
            "--placement contiguous --start-phase 1"),
        List.of(
            "--kv-type: has no effect on a dump in which no cache is kept as integers\n",
            "--kv-type f8_e4m3"),
        List.of(
            "--kv-read: has no effect on a cache without scales whose numbers BF16 holds\n",
            "--kv-read bf16"));
  }

  /** Options without effect, the dump, and other options. */
  static Stream<List<String>> withoutEffect() {
    String one = ": has no effect with KVP 1, where one rank keeps every token\n";
    String exchanged = "4-right/flashinfer-pt";
    String attention = ": has no effect on a dump without queries, keys and values\n";
    String lengths = ": has no effect on a dump without caches and local lengths\n";
    return Stream.of(
        List.of("--run-length" + one, "3-right/torch", "--kvp 1 --run-length 16"),
        List.of("--placement" + one, "3-right/torch", "--kvp 1 --placement contiguous"),
        List.of("--run-length" + lengths, exchanged, "--run-length 16"),
        List.of("--placement" + lengths, exchanged, "--placement contiguous"),
        List.of("--scale" + attention, exchanged, "--scale 0.1"),
        List.of("--soft-cap" + attention, "3-right/sglang-dumper", "--soft-cap 30"),
        List.of("--window" + attention, exchanged, "--window 8"),
        List.of("--longest-sum" + attention, exchanged, "--longest-sum 64"));
  }

  @ParameterizedTest
  @MethodSource("withoutEffect")
  void whatADumpLeavesWithoutEffectIsRefused(List<String> wrong) {
    assertRefused(wrong.get(0), "verify", dump(wrong.get(1)), wrong.get(2));
  }

  /** Names of files and tensors come from others, and a terminal would obey them. */
  @Test
  void noNameSteersTheTerminal() throws IOException {
    assertRefused(
        "DIR|FILE: expected a path without control characters, got 'run\\u001B[2J'\n",
        "verify",
        "run\u001b[2J",
        "");
    Path file = folder.resolve("rank0\u001b[2J.npy");
    Files.writeString(file, "no array");
    HelixProgram refused = HelixProgram.run("verify", folder.toString());
    refused.assertRefused("rank0\\u001B[2J.npy");
    assertFalse(refused.err().contains("\u001b"), refused.err());
  }

  static Stream<List<String>> ofExplain() {
    return Stream.of(
        List.of("--head: expected 0 to 7, got 8\n", "--head 8"),
        List.of("--request: expected 0 to 2, got 3\n", "--request 3"),
        List.of("--component: expected 0 to 31, got 32\n", "--component 32"),
        List.of("--token: expected 0, got 1\n", "--token 1"),
        List.of("--rank: expected 0 to 3, got 4\n", "--rank 4"),
        List.of("--step: expected one of [0], as dumped, got 7\n", "--step 7"),
        List.of("--layer: expected one of [0], as dumped, got 2\n", "--layer 2"));
  }

  @ParameterizedTest
  @MethodSource("ofFacts")
  void verifyRefusesInOneLine(List<String> wrong) {
    assertRefused(wrong.get(0), "verify", dump("3-right/torch"), wrong.get(1));
  }

  @ParameterizedTest
  @MethodSource({"ofFacts", "ofExplain"})
  void explainRefusesInOneLine(List<String> wrong) {
    assertRefused(wrong.get(0), "explain --dump", dump("3-right/torch"), wrong.get(1));
  }

  @Test
  void aPictureIsAnSvgAndHasNoOtherName() throws IOException {
    Path picture = folder.resolve("p.png");
    assertRefused(
        "--picture: expected a name that ends in .svg, got '%s'".formatted(picture),
        "verify --picture " + picture,
        dump("3-right/torch"),
        "");
    assertFalse(Files.exists(picture));
  }

  @Test
  void aSuggestedMapIsAllThatIsMade() throws IOException {
    Path picture = folder.resolve("p.svg");
    assertRefused(
        "--picture: has no effect with --suggest-map\n",
        "verify --suggest-map --picture " + picture,
        dump("3-right/torch"),
        "");
    assertFalse(Files.exists(picture));
    assertRefused(
        "--json: has no effect with --suggest-map\n",
        "verify --suggest-map --json -",
        dump("3-right/torch"),
        "");
  }

  @Test
  void aCacheOfBytesNeedsItsType() {
    assertRefused(
        "got U8; --kv-type or the map's field dtype can say what its bits are\n",
        "verify",
        dump("5-fp8-right/npz"),
        "");
  }

  @Test
  void aMapThatEndsTooEarlyIsRefusedInWordsOfJson() throws IOException {
    for (String text : List.of("{\n", "{\"tensors\": [\n", "{\"tensors\": [{\"file\": 3")) {
      Path map = Files.writeString(folder.resolve("map.json"), text);
      HelixProgram program =
          HelixProgram.run("verify", dump("3-right/torch"), "--map", map.toString());
      program.assertRefused("not strict JSON at line ");
      assertFalse(program.err().matches("(?s).*(REDACTED|Source|`|\\().*"), program.err());
    }
  }

  @Test
  void oneOfFourRanksIsRefusedForTheMissingOnes() {
    assertRefused(
        "got [3, 2, 32]; these are the heads of one rank of 4, and the dump has 1\n",
        "verify",
        dump("3-right/torch/rank0.pt"),
        "");
  }

  @Test
  void withoutTheRunLengthFaultsOfRunsAreSaidNotToBeTried() {
    String words = "faults of runs were not tried: give --run-length\n";
    HelixProgram without =
        HelixProgram.run("verify", dump("3-run-short/torch"), "--stages", "partial");
    assertEquals(1, without.status(), without.err());
    assertTrue(without.out().contains(words), without.out());
    HelixProgram with =
        HelixProgram.run(
            "verify", dump("3-run-short/torch"), "--stages", "partial", "--run-length", "16");
    assertFalse(with.out().contains(words), with.out());
  }

  private static String dump(String name) {
    return DUMPS.resolve(name).toString();
  }

  private static void assertRefused(String words, String before, String dump, String options) {
    String[] arguments =
        Stream.of(before, dump, options)
            .flatMap(part -> Arrays.stream(part.split(" ")))
            .filter(word -> !word.isEmpty())
            .toArray(String[]::new);
    HelixProgram program = HelixProgram.run(arguments);
    program.assertRefused(words);
    assertEquals("", program.out());
  }
}
