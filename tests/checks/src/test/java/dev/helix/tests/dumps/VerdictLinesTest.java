package dev.helix.tests.dumps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsWriter;
import dev.helix.tests.cli.HelixProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program says of the dumps that PyTorch has written, beside the verdicts. */
class VerdictLinesTest {
  private static final String DUMPS =
      "../../helix-runtime/library/src/test/resources/dev/helix/runtime/dumps/";

  /** The merge of this dump is wrong, but its files have only what was exchanged. */
  @Test
  void theLastLineCountsTheStagesThatCouldBeChecked() {
    HelixProgram verify = HelixProgram.run("verify", DUMPS + "4-read-base-e/flashinfer-pt");
    assertEquals(0, verify.status(), verify.err());
    assertEquals(
        "right in the 1 of 6 stages that could be checked (exchange): rounding explains every"
            + " number there",
        last(verify));
  }

  @Test
  void theLastLineCountsOnlyStagesThatWereAskedFor() {
    HelixProgram verify =
        HelixProgram.run(
            "verify", DUMPS + "3-right/torch", "--run-length", "16", "--stages", "ownership");
    assertEquals(0, verify.status(), verify.err());
    assertEquals("right: rounding explains every number that was checked", last(verify));
  }

  /** Two layers, of which only the second has a merged output. */
  @Test
  void theLastLineTellsWhatCouldNotBeCheckedInEveryLayer(@TempDir Path folder) throws IOException {
    for (int layer = 0; layer < 2; layer++) {
      SafetensorsWriter rank =
          new SafetensorsWriter()
              .tensor("q", DType.BF16, List.of(1, 1, 1), new double[1])
              .tensor("k_cache", DType.BF16, List.of(1, 4, 1, 1), new double[4])
              .tensor("v_cache", DType.BF16, List.of(1, 4, 1, 1), new double[] {1, 1, 1, 1})
              .tensor("partial_o", DType.BF16, List.of(1, 1, 1), new double[] {1})
              .tensor("lse", DType.F32, List.of(1, 1), new double[] {Math.log(4)});
      if (layer == 1) {
        rank.tensor("merged_o", DType.BF16, List.of(1, 1, 1), new double[] {1});
      }
      Path of = Files.createDirectory(folder.resolve("layer" + layer));
      rank.write(of.resolve("rank0.safetensors"));
    }
    HelixProgram both =
        HelixProgram.run(
            "verify", folder.toString(), "--stages", "partial,merge", "--lengths", "4");
    assertEquals(
        "right in the 2 of 2 stages that could be checked (partial attention; not in every step and"
            + " layer: merge): rounding explains every number there",
        last(both));
    HelixProgram merge =
        HelixProgram.run("verify", folder.toString(), "--stages", "merge", "--lengths", "4");
    assertEquals(
        "right in the 1 of 1 stages that could be checked (none throughout; not in every step and"
            + " layer: merge): rounding explains every number there",
        last(merge));
  }

  /** These files have no weights of the output projection. */
  @Test
  void aDumpOfWhichNothingCouldBeCheckedHasNoVerdictAndIsNotTakenForRight() {
    HelixProgram verify =
        HelixProgram.run(
            "verify", DUMPS + "3-right/torch", "--run-length", "16", "--stages", "projection");
    assertEquals("NO VERDICT: nothing could be checked", last(verify));
    assertEquals(2, verify.status(), verify.err());
  }

  /** The convention has pairs in base e; the dump has LSEs in base 2. */
  @Test
  void whatContradictsTheConventionIsTold() {
    HelixProgram verify =
        HelixProgram.run(
            "verify", DUMPS + "5-right/torch", "--convention", "trtllm-helix", "--lse-base", "2");
    assertTrue(
        verify
            .out()
            .contains(
                "LSEs are in base 2, as is given, and not in base e, as trtllm-helix has them"),
        verify.out());
    assertTrue(
        verify.out().contains("one LSE for each row, and not the (max, sum) of trtllm-helix"),
        verify.out());
  }

  /**
   * All tokens have one weight, half of the values are 1 and half are −1, but for the last, which
   * is the next number in BF16. So zeros hold, and many tokens can be missing.
   */
  @Test
  void whatALongContextHidesIsTold(@TempDir Path folder) throws IOException {
    int tokens = 40_000;
    double[] values = new double[tokens];
    Arrays.setAll(values, j -> j % 2 == 0 ? 1 : -1);
    values[tokens - 1] = -1 + 0x1p-8;
    new SafetensorsWriter()
        .tensor("q", DType.BF16, List.of(1, 1, 1), new double[1])
        .tensor("k_cache", DType.BF16, List.of(1, tokens, 1, 1), new double[tokens])
        .tensor("v_cache", DType.BF16, List.of(1, tokens, 1, 1), values)
        .tensor("partial_o", DType.BF16, List.of(1, 1, 1), new double[1])
        .tensor("lse", DType.F32, List.of(1, 1), new double[] {Math.log(tokens)})
        .write(folder.resolve("rank0.safetensors"));
    HelixProgram verify =
        HelixProgram.run("verify", folder.toString(), "--stages", "partial", "--lengths", "40000");
    assertEquals(0, verify.status(), verify.out() + verify.err());
    String tokensHidden =
        "up to \\d{2,3} of the 40000 tokens of rank 0, of mean weight, could be missing and not be"
            + " seen; fewer with --longest-sum";
    String zeros = "zeros in place of an output would not be seen; fewer with --longest-sum";
    assertTrue(
        verify.out().matches("(?s).* {21}" + tokensHidden + "\n {21}" + zeros + "\n.*"),
        verify.out());
  }

  /** One LSE that no scale but a fitted one explains: three of nine tokens are not in it. */
  @Test
  void aNumberThatSomeScaleFitsAnywayIsUndecided(@TempDir Path folder) throws IOException {
    double[] keys = {1, 2, 1, 3, 2, 1, 2, 3, 1};
    double sum = Arrays.stream(keys, 0, 6).map(Math::exp).sum();
    new SafetensorsWriter()
        .tensor("q", DType.BF16, List.of(1, 1, 1), new double[] {1})
        .tensor("k_cache", DType.BF16, List.of(1, 9, 1, 1), keys)
        .tensor("v_cache", DType.BF16, List.of(1, 9, 1, 1), keys)
        .tensor("lse", DType.F32, List.of(1, 1), new double[] {Math.log(sum)})
        .write(folder.resolve("rank0.safetensors"));
    Path report = folder.resolve("report.json");
    HelixProgram verify =
        HelixProgram.run(
            "verify", folder.toString(), "--lengths", "9", "--json", report.toString());
    assertEquals(
        "UNDECIDED: some numbers are beyond their bounds, but too few to tell whether the softmax"
            + " scale is another one: give --scale",
        last(verify));
    assertEquals(2, verify.status(), verify.err());
    String json = Files.readString(report);
    assertTrue(json.contains("\"passed\" : false"), json);
    assertTrue(json.contains("\"verdict\" : \"undecided\""), json);
    HelixProgram told =
        HelixProgram.run("verify", folder.toString(), "--lengths", "9", "--scale", "1");
    assertEquals(1, told.status(), told.out());
  }

  /** The LSE of 8 tokens of equal weight, where there are 9; nothing else is dumped. */
  @Test
  void aFaultThatOneNumberAloneSpeaksForMayBeTheFault(@TempDir Path folder) throws IOException {
    new SafetensorsWriter()
        .tensor("q", DType.BF16, List.of(1, 1, 1), new double[1])
        .tensor("k_cache", DType.BF16, List.of(1, 9, 1, 1), new double[9])
        .tensor("v_cache", DType.BF16, List.of(1, 9, 1, 1), new double[9])
        .tensor("lse", DType.F32, List.of(1, 1), new double[] {Math.log(8)})
        .write(folder.resolve("rank0.safetensors"));
    HelixProgram verify =
        HelixProgram.run(
            "verify", folder.toString(), "--lengths", "9", "--scale", "1", "--lse-base", "e");
    assertEquals(1, verify.status(), verify.out() + verify.err());
    assertTrue(verify.out().contains("fits the first 8 of its 9 tokens, by one LSE alone"));
    assertTrue(
        verify.out().contains("the fault may be \"causal mask one token short"), verify.out());
    assertTrue(
        verify.out().contains("a single wrong number tells it from no fault, which may be chance"),
        verify.out());
  }

  /** Judged in base e, which the convention has, both the kernel and the merge seem wrong. */
  @Test
  void aBaseInWhichAllIsRightIsTold() {
    HelixProgram verify =
        HelixProgram.run(
            "verify", DUMPS + "3-right/torch", "--run-length", "16", "--lse-base", "e");
    assertEquals(1, verify.status(), verify.err());
    String hint =
        "  In base 2 all of these LSEs are right: give --lse-base 2 if the kernel reports them so.";
    assertTrue(verify.out().contains(hint), verify.out());
    HelixProgram short3 =
        HelixProgram.run(
            "verify", DUMPS + "3-run-short/torch", "--run-length", "16", "--lse-base", "e");
    assertFalse(short3.out().contains("In base 2"), short3.out());
  }

  /**
   * Each rank has as many tokens as runs of 8 or of 16 give it, and not those of a contiguous part.
   */
  @Test
  void placementsUnderWhichAllIsRightAreTold(@TempDir Path folder) throws IOException {
    Path report = folder.resolve("report.json");
    HelixProgram verify =
        HelixProgram.run(
            "verify",
            DUMPS + "3-right/npz",
            "--placement",
            "contiguous",
            "--json",
            report.toString());
    assertEquals(1, verify.status(), verify.err());
    String hint =
        "Dealt in runs of 8, or in runs of 16, the tokens of all ranks are right: give"
            + " --run-length 8 or --run-length 16 if the system deals them so.";
    assertTrue(verify.out().contains("\n  " + hint + "\n"), verify.out());
    assertTrue(Files.readString(report).contains(hint));
    HelixProgram wrong =
        HelixProgram.run("verify", DUMPS + "3-run-short/npz", "--placement", "contiguous");
    assertFalse(wrong.out().contains("Dealt in runs"), wrong.out());
  }

  @Test
  void lengthsThatContradictTheDumpAreTold() {
    HelixProgram verify =
        HelixProgram.run("verify", DUMPS + "5-right/npz", "--lengths", "31,32,33,96");
    assertTrue(
        verify
            .out()
            .contains("  request 3 has 96 tokens by --lengths, and 97 by the lengths of the dump"),
        verify.out());
  }

  /** A rule of scores that the model has and nobody has told is no fault of the kernel. */
  @Test
  void aRuleOfScoresThatNobodyHasSaidIsAskedFor(@TempDir Path folder) throws IOException {
    double[] keys = {1, 2, 1, 3, 2, 1, 2, 3, 1, 2, 1, 1};
    double[] capped = Arrays.stream(keys).map(key -> 2.5 * Math.tanh(key / 2.5)).toArray();
    double sum = Arrays.stream(capped).map(Math::exp).sum();
    double mean = 0;
    for (int i = 0; i < keys.length; i++) {
      mean += Math.exp(capped[i]) / sum * keys[i];
    }
    new SafetensorsWriter()
        .tensor("q", DType.BF16, List.of(1, 1, 1), new double[] {1})
        .tensor("k_cache", DType.BF16, List.of(1, 12, 1, 1), keys)
        .tensor("v_cache", DType.BF16, List.of(1, 12, 1, 1), keys)
        .tensor("partial_o", DType.F32, List.of(1, 1, 1), new double[] {mean})
        .tensor("lse", DType.F32, List.of(1, 1), new double[] {Math.log(sum)})
        .write(folder.resolve("rank0.safetensors"));
    String[] given = {"verify", folder.toString(), "--lengths", "12", "--scale", "1"};
    HelixProgram unsaid = HelixProgram.run(given);
    assertEquals(1, unsaid.status(), unsaid.out());
    assertTrue(
        unsaid
            .out()
            .contains(
                "  Nobody has said a sliding window (--window) or a soft cap of scores"
                    + " (--soft-cap): give it if the model has one."),
        unsaid.out());
    String[] all = Arrays.copyOf(given, given.length + 2);
    all[given.length] = "--soft-cap";
    all[given.length + 1] = "2.5";
    HelixProgram said = HelixProgram.run(all);
    assertEquals(0, said.status(), said.out());
  }

  private static String last(HelixProgram verify) {
    List<String> lines = verify.out().lines().toList();
    return lines.get(lines.size() - 1);
  }
}
