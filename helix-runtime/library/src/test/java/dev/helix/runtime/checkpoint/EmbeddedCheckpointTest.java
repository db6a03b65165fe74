package dev.helix.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionShape;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EmbeddedCheckpointTest {
  static List<String> names() {
    return Checkpoint.embeddedNames();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyEmbeddedCheckpointIsWhole(String name) {
    try (Checkpoint checkpoint = Checkpoint.embedded(name)) {
      assertEquals(name, checkpoint.name());
      assertEquals(name + "/tokenizer.json", checkpoint.tokenizerName());
      assertEquals('{', checkpoint.tokenizerJson()[0]);
    }
  }

  @Test
  void recallGqaIsAsItsCardSays() {
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      ModelConfig config = checkpoint.config();
      assertEquals(new AttentionShape(128, 8, 4, 32), config.attention());
      assertEquals(4, config.layers());
      assertEquals(384, config.intermediateSize());
      assertEquals(74, config.vocabularySize());
      assertEquals(5e5, config.rope().theta());
      assertEquals(DType.BF16, checkpoint.dtype(LlamaNames.down(3)));
      long parameters =
          LlamaFamily.llama()
              .weights(config)
              .mapToLong(weight -> checkpoint.read(weight.name()).length)
              .sum();
      assertEquals(1_003_136, parameters);
      // Trained norms are near 1; a wrong byte order or offset would not be.
      double[] norm = checkpoint.read(LlamaNames.FINAL_NORM);
      assertTrue(Arrays.stream(norm).allMatch(weight -> weight > 0.01 && weight < 100));
    }
  }

  @Test
  void anotherNameIsRefusedWithThoseThatThereAre() {
    assertEquals(
        "model recall: expected one of recall-gqa, recall-mla",
        assertThrows(InvalidInputException.class, () -> Checkpoint.embedded("recall"))
            .getMessage());
  }
}
