package dev.helix.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.checkpoint.weights.StoredFile;
import dev.helix.runtime.checkpoint.weights.WeightFormat;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.formats.BlockScaled;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.formats.definition.CacheFormatDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights that are rounded to a narrower format before they are cut. */
class WeightFormatTest {
  private static final int HIDDEN = 128;

  @TempDir private Path directory;

  /** Row by row as the definition of a cache's format has it, with the scale of the matrix. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AS_STORED")
  void aProjectionIsRoundedByTheRule(WeightFormat format) {
    try (Checkpoint exact = Checkpoint.embedded("recall-gqa")) {
      double[] before = exact.read(LlamaNames.query(1));
      double most = Arrays.stream(before).map(Math::abs).max().orElseThrow();
      double largest = format == WeightFormat.NVFP4 ? 6 * 448 : 448;
      // The smallest FP32 number that times the largest reaches the matrix's own largest.
      float scale = (float) (most / largest);
      scale = scale * largest < most ? Math.nextUp(scale) : scale;
      CacheFormatDefinition rule =
          new CacheFormatDefinition(CacheFormat.valueOf(format.name()), scale);
      double[] expected = new double[before.length];
      for (int row = 0; row < before.length; row += HIDDEN) {
        double[] rounded = rule.stored(Arrays.copyOfRange(before, row, row + HIDDEN));
        System.arraycopy(rounded, 0, expected, row, HIDDEN);
      }
      assertArrayEquals(expected, exact.quantized(format).read(LlamaNames.query(1)));
    }
  }

  /** 48 columns, as TPF 8 takes of 384, are one and a half blocks of 32. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AS_STORED")
  void aSliceHasTheNumbersOfTheWholeWhereverItEnds(WeightFormat format) {
    try (Checkpoint rounded = Checkpoint.embedded("recall-gqa").quantized(format)) {
      double[] whole = rounded.read(LlamaNames.down(0));
      for (int from : new int[] {0, 48, 96, 7}) {
        double[] slice = rounded.slice(LlamaNames.down(0), 3, 9, from, from + 48).values().get();
        for (int row = 3; row < 9; row++) {
          assertArrayEquals(
              Arrays.copyOfRange(whole, row * 384 + from, row * 384 + from + 48),
              Arrays.copyOfRange(slice, (row - 3) * 48, (row - 2) * 48));
        }
      }
    }
  }

  @Test
  void projectionsAndTheHeadAloneAreRounded() {
    try (Checkpoint exact = Checkpoint.embedded("recall-mla")) {
      Checkpoint rounded = exact.quantized(WeightFormat.MXFP4);
      ExpertNames experts = ExpertNames.DEEPSEEK;
      for (String same :
          List.of(
              LlamaNames.EMBEDDING,
              LlamaNames.attentionNorm(1),
              experts.router(1),
              experts.bias(1))) {
        assertArrayEquals(exact.read(same), rounded.read(same), same);
      }
      for (String other :
          List.of(
              LlamaNames.OUTPUT,
              LatentNames.entry(1),
              LatentNames.keyValueUp(1),
              LlamaNames.gate(0),
              experts.up(1, 3),
              experts.sharedDown(2))) {
        assertNotEquals(
            Arrays.hashCode(exact.read(other)), Arrays.hashCode(rounded.read(other)), other);
      }
    }
  }

  /** What the rule gives, stored as ModelOpt stores it, is read as the rule gives it. */
  @Test
  void aCheckpointStoredInNvfp4IsTheOneThatIsRoundedToIt() throws IOException {
    StoredFile file = new StoredFile();
    try (Checkpoint exact = Checkpoint.embedded("recall-gqa")) {
      Checkpoint rounded = exact.quantized(WeightFormat.NVFP4);
      store(exact, file);
      file.write(directory.resolve("model.safetensors"));
      copyConfig();
      quantConfig("lm_head", "model.layers.*.input_layernorm");
      try (Checkpoint stored = Checkpoint.open(directory)) {
        for (int layer = 0; layer < 4; layer++) {
          for (String name : projections(layer)) {
            assertArrayEquals(rounded.read(name), stored.read(name), name);
          }
        }
        String refusal =
            assertThrows(InvalidInputException.class, () -> stored.quantized(WeightFormat.MXFP4))
                .getMessage();
        assertTrue(
            refusal.startsWith(
                "weights in mxfp4: expected a checkpoint without quantisation, got weight"),
            refusal);
      }
    }
  }

  @Test
  void modulesThatAreNotQuantisedHaveToBeThere() throws IOException {
    StoredFile file = new StoredFile();
    try (Checkpoint exact = Checkpoint.embedded("recall-gqa")) {
      store(exact, file);
    }
    file.write(directory.resolve("model.safetensors"));
    copyConfig();
    quantConfig("lm_heads");
    String refusal =
        assertThrows(InvalidInputException.class, () -> Checkpoint.open(directory)).getMessage();
    assertTrue(
        refusal.endsWith(
            "exclude_modules: expected modules of the checkpoint, got 'lm_heads', which matches"
                + " none"),
        refusal);
  }

  @Test
  void blocksThatDoNotDivideTheRowsAreRefused() throws IOException {
    new TinyLlama().write(directory);
    try (Checkpoint tiny = Checkpoint.open(directory)) {
      String refusal =
          assertThrows(InvalidInputException.class, () -> tiny.quantized(WeightFormat.NVFP4))
              .getMessage();
      assertTrue(
          refusal.startsWith("weights in nvfp4: blocks of 16 must divide the rows of weight model"),
          refusal);
    }
  }

  private static List<String> projections(int layer) {
    return List.of(
        LlamaNames.query(layer),
        LlamaNames.key(layer),
        LlamaNames.value(layer),
        LlamaNames.attentionOutput(layer),
        LlamaNames.gate(layer),
        LlamaNames.up(layer),
        LlamaNames.down(layer));
  }

  /** All weights of recall-gqa, its projections in ModelOpt's NVFP4. */
  private static void store(Checkpoint exact, StoredFile file) {
    for (String name : List.of(LlamaNames.EMBEDDING, LlamaNames.OUTPUT)) {
      double[] numbers = exact.read(name);
      file.doubles(name, List.of(numbers.length / HIDDEN, HIDDEN), numbers);
    }
    file.doubles(LlamaNames.FINAL_NORM, List.of(HIDDEN), exact.read(LlamaNames.FINAL_NORM));
    for (int layer = 0; layer < 4; layer++) {
      for (String norm : List.of(LlamaNames.attentionNorm(layer), LlamaNames.ffnNorm(layer))) {
        file.doubles(norm, List.of(HIDDEN), exact.read(norm));
      }
      for (String name : projections(layer)) {
        store(
            name,
            exact.read(name),
            name.contains("down_proj") ? 384 : name.contains("o_proj") ? 256 : HIDDEN,
            file);
      }
    }
  }

  private static void store(String name, double[] numbers, int columns, StoredFile file) {
    double most = Arrays.stream(numbers).map(Math::abs).max().orElseThrow();
    float scale = (float) (most / (6 * 448));
    scale = scale * (6.0 * 448) < most ? Math.nextUp(scale) : scale;
    int rows = numbers.length / columns;
    byte[] codes = new byte[numbers.length / 2];
    byte[] scales = new byte[numbers.length / 16];
    for (int row = 0; row < rows; row++) {
      double[] whole = Arrays.copyOfRange(numbers, row * columns, (row + 1) * columns);
      byte[] bytes = BlockScaled.nvfp4(scale).encode(whole).bytes();
      System.arraycopy(bytes, 0, codes, row * columns / 2, columns / 2);
      System.arraycopy(bytes, columns / 2, scales, row * columns / 16, columns / 16);
    }
    file.bytes(name, "U8", List.of(rows, columns / 2), codes)
        .bytes(name + "_scale", "F8_E4M3", List.of(rows, columns / 16), scales)
        .floats(name + "_scale_2", List.of(), scale);
  }

  private void copyConfig() throws IOException {
    try (var in =
        WeightFormatTest.class.getResourceAsStream(
            "/dev/helix/runtime/models/recall-gqa/config.json")) {
      Files.write(directory.resolve("config.json"), in.readAllBytes());
    }
  }

  private void quantConfig(String... excluded) throws IOException {
    Files.writeString(
        directory.resolve("hf_quant_config.json"),
        """
        {"producer": {"name": "modelopt"}, "quantization": {"quant_algo": "NVFP4",
         "kv_cache_quant_algo": "FP8", "group_size": 16, "exclude_modules": ["%s"]}}
        """
            .formatted(String.join("\", \"", excluded)));
  }
}
