package dev.helix.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.runtime.checkpoint.weights.WeightShape;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointTest {
  private static final String QUERY = "model.layers.1.self_attn.q_proj.weight";

  @TempDir Path directory;
  private final TinyLlama tiny = new TinyLlama();

  @Test
  void whatIsStoredIsRead() throws IOException {
    tiny.write(directory);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      assertEquals(directory.toString(), checkpoint.name());
      assertEquals(2, checkpoint.config().layers());
      for (String name : tiny.shapes.keySet()) {
        assertArrayEquals(tiny.numbers(name), checkpoint.read(name));
        assertEquals(DType.F32, checkpoint.dtype(name));
      }
    }
  }

  @Test
  void namesAreThoseOfHuggingFace() {
    assertEquals(QUERY, LlamaNames.query(1));
    List<String> all =
        LlamaFamily.llama()
            .weights(ModelConfig.of(tiny.json()))
            .map(WeightShape::name)
            .sorted()
            .toList();
    assertEquals(tiny.shapes.keySet().stream().sorted().toList(), all);
  }

  @Test
  void weightsThatTheModelDoesNotNeedAreIgnored() throws IOException {
    tiny.shapes.put("model.layers.0.self_attn.rotary_emb.inv_freq", List.of(1));
    tiny.write(directory);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      assertEquals(5, checkpoint.config().vocabularySize());
    }
  }

  @Test
  void aMissingWeightIsNamedWithItsShape() throws IOException {
    for (String name : List.copyOf(tiny.shapes.keySet())) {
      TinyLlama spoilt = new TinyLlama();
      List<Integer> shape = spoilt.shapes.remove(name);
      spoilt.write(directory);
      refused(weights() + ": weight " + name + ": expected shape " + shape + ", got nothing");
    }
  }

  @Test
  void aMisshapenWeightIsNamedWithBothShapes() throws IOException {
    tiny.shapes.put(QUERY, List.of(4, 6));
    tiny.write(directory);
    refused(weights() + ": weight " + QUERY + ": expected shape [4, 4], got [4, 6]");
    tiny.shapes.put(QUERY, List.of(16));
    tiny.write(directory);
    refused(weights() + ": weight " + QUERY + ": expected shape [4, 4], got [16]");
  }

  @Test
  void aWeightThatCannotBeReadIsNamedWithItsType() throws IOException {
    tiny.set("tie_word_embeddings", "true");
    tiny.writeConfig(directory);
    new SafetensorsWriter()
        .tensor("model.embed_tokens.weight", DType.F32, List.of(5, 4), new double[20])
        .write(Path.of(weights()));
    byte[] bytes = Files.readAllBytes(Path.of(weights()));
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Files.writeString(Path.of(weights()), text.replace("F32", "I32"), StandardCharsets.ISO_8859_1);
    refused(
        weights()
            + ": tensor \"model.embed_tokens.weight\": dtype: expected one of F64, F32, BF16, F16,"
            + " got I32");
  }

  @Test
  void aNumberThatIsNotFiniteIsNamedByFileWeightAndPlace() throws IOException {
    tiny.write(directory);
    SafetensorsWriter writer = new SafetensorsWriter();
    try (SafetensorsFile whole = SafetensorsFile.open(directory.resolve("model.safetensors"))) {
      for (String name : whole.names()) {
        double[] numbers = whole.read(name);
        if (name.equals(LlamaNames.gate(0)) || name.equals(LlamaNames.FINAL_NORM)) {
          numbers[3] = Double.NEGATIVE_INFINITY;
        }
        List<Integer> shape = whole.shape(name).stream().map(Math::toIntExact).toList();
        writer.tensor(name, whole.dtype(name), shape, numbers);
      }
    }
    Files.delete(directory.resolve("model.safetensors"));
    writer.write(directory.resolve("model.safetensors"));
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      String file = directory.resolve("model.safetensors") + ": weight ";
      String found = ": expected finite numbers, got -Infinity as element ";
      String gate = "model.layers.0.mlp.gate_proj.weight";
      assertNotFinite(
          file + gate + "[0:2,0:4]" + found + 3,
          () -> checkpoint.slice(gate, 0, 2, 0, 4).values().get());
      assertNotFinite(file + gate + found + 3, () -> checkpoint.read(gate));
      assertNotFinite(
          file + "model.norm.weight[0:4]" + found + 3,
          () -> checkpoint.vector(LlamaNames.FINAL_NORM, 4).values().get());
      assertEquals(2 * 3, checkpoint.slice(gate, 0, 2, 0, 3).values().get().length);
    }
  }

  private static void assertNotFinite(String message, Executable reading) {
    assertEquals(message, assertThrows(InvalidInputException.class, reading).getMessage());
  }

  @Test
  void moreLayersThanAnyModelHasEndAtTheFirstMissingOne() throws IOException {
    tiny.set("num_hidden_layers", "2147483647");
    tiny.write(directory);
    refused(
        weights()
            + ": weight model.layers.2.input_layernorm.weight: expected shape [4], got nothing");
  }

  @Test
  void tiedEmbeddingsAreTheOutputToo() throws IOException {
    tiny.set("tie_word_embeddings", "true");
    tiny.shapes.remove("lm_head.weight");
    tiny.write(directory);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      double[] embedding = tiny.numbers("model.embed_tokens.weight");
      assertArrayEquals(embedding, checkpoint.read(LlamaNames.OUTPUT));
      // One key, so that a reading keeps the numbers once.
      assertEquals(
          "model.embed_tokens.weight[0:5,0:4]",
          checkpoint.slice(LlamaNames.OUTPUT, 0, 5, 0, 4).key());
    }
  }

  @Test
  void aSliceIsThatBlockAndIsReadWhenAskedFor() throws IOException {
    tiny.write(directory);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      String gate = LlamaNames.gate(0);
      double first = tiny.numbers(gate)[0];
      assertEquals(gate + "[1:3,2:4]", checkpoint.slice(gate, 1, 3, 2, 4).key());
      assertArrayEquals(
          new double[] {first + 6, first + 7, first + 10, first + 11},
          checkpoint.slice(gate, 1, 3, 2, 4).values().get());
      assertEquals("model.norm.weight[0:4]", checkpoint.vector(LlamaNames.FINAL_NORM, 4).key());
      assertArrayEquals(
          tiny.numbers("model.norm.weight"),
          checkpoint.vector(LlamaNames.FINAL_NORM, 4).values().get());
    }
  }

  @Test
  void aSliceOutsideTheWeightIsRefused() throws IOException {
    tiny.write(directory);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      String gate = LlamaNames.gate(0);
      assertEquals(
          gate + "[0:7,0:4] is not within shape [6, 4]",
          assertThrows(IllegalArgumentException.class, () -> checkpoint.slice(gate, 0, 7, 0, 4))
              .getMessage());
      assertThrows(IllegalArgumentException.class, () -> checkpoint.slice(gate, -1, 2, 0, 4));
      assertThrows(IllegalArgumentException.class, () -> checkpoint.slice(gate, 2, 1, 0, 4));
      assertThrows(
          IllegalArgumentException.class,
          () -> checkpoint.slice(LlamaNames.FINAL_NORM, 0, 1, 0, 1));
      assertThrows(IllegalArgumentException.class, () -> checkpoint.vector(gate, 4));
      assertEquals(
          weights() + ": no weight model.norm.bias",
          assertThrows(InvalidInputException.class, () -> checkpoint.read("model.norm.bias"))
              .getMessage());
    }
  }

  @Test
  void whatIsNoCheckpointIsNamed() throws IOException {
    refused(directory.resolve("config.json") + ": no such file");
    tiny.writeConfig(directory);
    refused(
        directory + ": expected model.safetensors or model.safetensors.index.json, got neither");
    Path file = directory.resolve("config.json");
    assertEquals(
        file
            + ": expected a directory with config.json, model.safetensors and tokenizer.json, got a"
            + " file",
        assertThrows(InvalidInputException.class, () -> Checkpoint.open(file)).getMessage());
    Path absent = directory.resolve("absent");
    assertEquals(
        absent
            + ": expected a directory with config.json, model.safetensors and tokenizer.json, got"
            + " nothing",
        assertThrows(InvalidInputException.class, () -> Checkpoint.open(absent)).getMessage());
  }

  @Test
  void aMissingTokenizerIsNamedWhenItIsAskedFor() throws IOException {
    tiny.write(directory);
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      assertEquals(
          directory.resolve("tokenizer.json") + ": no such file",
          assertThrows(InvalidInputException.class, checkpoint::tokenizerJson).getMessage());
    }
  }

  private String weights() {
    return directory.resolve("model.safetensors").toString();
  }

  private void refused(String message) {
    assertEquals(
        message,
        assertThrows(InvalidInputException.class, () -> Checkpoint.open(directory)).getMessage());
  }
}
