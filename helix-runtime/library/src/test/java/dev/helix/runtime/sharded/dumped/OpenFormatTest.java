package dev.helix.runtime.sharded.dumped;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.reading.DumpOptions;
import dev.helix.runtime.dump.reading.DumpReader;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.verdict.StageVerdict;
import dev.helix.runtime.sharded.verdict.StepVerdict;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Numbers so small that FP16 has them in fewer digits than BF16: every one of them is a number of
 * both formats, and they are right as those of one.
 */
class OpenFormatTest {
  private static final int TOKENS = 40;
  private static final int DIM = 16;
  private static final String REMARK =
      "outputs are numbers of BF16 and of FP16; they are judged as FP16, which explains more of"
          + " them";

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "F32"})
  void subnormalsOfFp16AreNotConvicted(DType file) {
    writer(1e-6, DType.F16, file, 0, true).write(folder.resolve("rank0.safetensors"));
    StepVerdict verdict = verdict(REMARK);
    assertEquals(
        List.of(),
        verdict.stages().stream().filter(StageVerdict::isWrong).map(StageVerdict::stage).toList());
    assertTrue(verdict.stage(Stage.PARTIAL).isChecked());
    assertTrue(verdict.stage(Stage.MERGE).isChecked());
  }

  @Test
  void mergedOutputsAloneAreNotConvicted() {
    writer(1e-6, DType.F16, DType.F16, 0, false).write(folder.resolve("rank0.safetensors"));
    StepVerdict verdict = verdict(REMARK);
    assertTrue(verdict.stage(Stage.WHOLE).isChecked());
    assertFalse(verdict.isWrong());
  }

  @Test
  void wrongSubnormalsOfFp16AreConvicted() {
    writer(1e-6, DType.F16, DType.F16, 3 * 0x1p-24, true)
        .write(folder.resolve("rank0.safetensors"));
    StageVerdict partial = verdict(REMARK).stage(Stage.PARTIAL);
    assertEquals(1, partial.tally().wrong());
  }

  @Test
  void numbersOfBf16StayThose() {
    writer(1, DType.BF16, DType.F32, 0, true).write(folder.resolve("rank0.safetensors"));
    assertFalse(verdict("").isWrong());
  }

  /** One rank, all of whose tokens have one weight. */
  private static SafetensorsWriter writer(
      double size, DType format, DType file, double off, boolean partials) {
    Random random = new Random(5);
    double[] values = new double[TOKENS * DIM];
    Arrays.setAll(values, i -> format.round(size * random.nextGaussian()));
    double[] outputs = new double[DIM];
    for (int i = 0; i < DIM; i++) {
      double sum = 0;
      for (int token = 0; token < TOKENS; token++) {
        sum += values[token * DIM + i];
      }
      outputs[i] = format.round(sum / TOKENS);
    }
    double[] dumped = outputs.clone();
    dumped[3] += off;
    SafetensorsWriter writer = new SafetensorsWriter();
    if (partials) {
      writer
          .tensor("partial_o", file, List.of(1, 1, DIM), dumped)
          .tensor("lse", DType.F32, List.of(1, 1), new double[] {Math.log(TOKENS)});
    }
    return writer
        .tensor("q", file, List.of(1, 1, DIM), new double[DIM])
        .tensor("k_cache", file, List.of(1, TOKENS, 1, DIM), new double[values.length])
        .tensor("v_cache", file, List.of(1, TOKENS, 1, DIM), values)
        .tensor("output", file, List.of(1, 1, DIM), outputs)
        .integers("seq_lens", List.of(1), new long[] {TOKENS});
  }

  private StepVerdict verdict(String remark) {
    try (Dump dump = DumpReader.open(List.of(folder), DumpOptions.NONE)) {
      DumpedSteps steps = new DumpedSteps(dump, GivenFacts.NONE);
      DumpedStep dumped = steps.step(steps.moments().get(0), 0);
      assertEquals(
          remark.isEmpty() ? List.of() : List.of(remark),
          dumped.remarks().stream().filter(said -> said.contains("FP16")).toList());
      return StepVerdict.of(dumped.right(), EnumSet.allOf(Stage.class), dumped.unknown());
    }
  }
}
