package dev.helix.laws.merge.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.LawViolation;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.states.Stack;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An answer in the file has the dtype that was declared, or is none. */
class CaseFilesTest {
  private static final Declaration BF16 = Declaration.of(Convention.of(Precision.BF16));

  /** One shard, one token, one head of two components; all numbers are exact in BF16. */
  private static final Stack QUESTION =
      Stack.of(BF16.convention(), new int[] {1, 1, 1, 2}, new double[] {0.5, -2}, new double[] {3});

  @TempDir private Path directory;

  @Test
  void anAnswerOfTheDeclaredDtypesIsRead() {
    Answer answer = answer(DType.BF16, DType.F32);
    assertEquals(-2, answer.output(0, 1));
    assertEquals(3, answer.lse(0));
  }

  /** Also if the numbers are the same: a program that widens them is not the one declared. */
  @ParameterizedTest
  @CsvSource({
    "F32, F32, tensor 0.outputs has dtype f32",
    "F16, F32, tensor 0.outputs has dtype f16",
    "BF16, BF16, tensor 0.lses has dtype bf16",
    "BF16, F64, tensor 0.lses has dtype f64",
  })
  void anAnswerOfAnotherDtypeBreaksTheLaw(DType outputs, DType lses, String expected) {
    LawViolation violation = assertThrows(LawViolation.class, () -> answer(outputs, lses));
    String declared = outputs == DType.BF16 ? ", expected f32" : ", expected bf16";
    assertTrue(violation.getMessage().endsWith(expected + declared), violation.getMessage());
  }

  private Answer answer(DType outputs, DType lses) {
    Path file = directory.resolve("answers.safetensors");
    new SafetensorsWriter()
        .tensor("0.outputs", outputs, List.of(1, 1, 2), new double[] {0.5, -2})
        .tensor("0.lses", lses, List.of(1, 1), new double[] {3})
        .write(file);
    try (SafetensorsFile written = SafetensorsFile.open(file)) {
      return new CaseFiles(BF16).read(written, 0, QUESTION);
    }
  }
}
