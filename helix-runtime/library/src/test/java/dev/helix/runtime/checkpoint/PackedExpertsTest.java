package dev.helix.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.runtime.checkpoint.weights.StoredFile;
import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Experts in MXFP4, packed as gpt-oss packs them, in a Mixtral whose other weights are plain. The
 * expected numbers are written down from the OCP Microscaling specification (v1.0, §5.3 and §6.3):
 * E2M1 is one of 0, 0.5, 1, 1.5, 2, 3, 4 and 6 with a sign, and E8M0 is 2^(code − 127).
 */
class PackedExpertsTest {
  private static final int EXPERTS = 3;
  private static final int HIDDEN = 64;
  private static final int INNER = 32;
  private static final String PACKED = "model.layers.0.block_sparse_moe.experts.";

  /** Sixteen bytes, and the 32 numbers that they hold: the low half of a byte is the even one. */
  private static final int[] BYTES = {
    0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe, 0x08, 0x80, 0x77, 0xff, 0x21, 0x12, 0xe5, 0x5e
  };

  private static final double[] NUMBERS = {
    0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6, //
    -0.0, 0, 0, -0.0, 6, 6, -6, -6, 0.5, 1, 1, 0.5, 3, -4, -4, 3
  };

  /** Codes of scales, and what they stand for: the smallest, some between, and the largest. */
  private static final int[] SCALES = {0x00, 0x7f, 0x80, 0x7a, 0xfe};

  private static final double[] FACTORS = {0x1p-127, 1, 2, 0x1p-5, 0x1p127};

  @TempDir private Path directory;

  private final Map<String, Consumer<StoredFile>> tensors = new TreeMap<>();

  PackedExpertsTest() {
    plain("model.embed_tokens.weight", 40, HIDDEN);
    plain("model.norm.weight", HIDDEN);
    plain("lm_head.weight", 40, HIDDEN);
    plain("model.layers.0.input_layernorm.weight", HIDDEN);
    plain("model.layers.0.post_attention_layernorm.weight", HIDDEN);
    plain("model.layers.0.self_attn.q_proj.weight", HIDDEN, HIDDEN);
    plain("model.layers.0.self_attn.k_proj.weight", 32, HIDDEN);
    plain("model.layers.0.self_attn.v_proj.weight", 32, HIDDEN);
    plain("model.layers.0.self_attn.o_proj.weight", HIDDEN, HIDDEN);
    plain("model.layers.0.block_sparse_moe.gate.weight", EXPERTS, HIDDEN);
    packed("gate_up_proj", 2 * INNER, HIDDEN);
    packed("down_proj", HIDDEN, INNER);
  }

  private void plain(String name, Integer... shape) {
    int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    tensors.put(name, file -> file.floats(name, List.of(shape), new float[size]));
  }

  /** The block of a row, counted through all experts, is the one above turned by some bytes. */
  private static int turn(int row, int block) {
    return 5 * row + 3 * block;
  }

  private static int scale(int row, int block) {
    return (row + 2 * block) % SCALES.length;
  }

  private void packed(String name, int rows, int columns) {
    int blocks = columns / 32;
    byte[] bytes = new byte[EXPERTS * rows * blocks * 16];
    byte[] scales = new byte[EXPERTS * rows * blocks];
    for (int at = 0; at < scales.length; at++) {
      int row = at / blocks;
      int block = at % blocks;
      scales[at] = (byte) SCALES[scale(row, block)];
      for (int i = 0; i < 16; i++) {
        bytes[16 * at + i] = (byte) BYTES[(i + turn(row, block)) % 16];
      }
    }
    replace(name + "_blocks", List.of(EXPERTS, rows, blocks, 16), bytes);
    replace(name + "_scales", List.of(EXPERTS, rows, blocks), scales);
  }

  private void replace(String name, List<Integer> shape, byte[] bytes) {
    tensors.put(PACKED + name, file -> file.bytes(PACKED + name, "U8", shape, bytes));
  }

  private Checkpoint open() throws IOException {
    StoredFile file = new StoredFile();
    tensors.values().forEach(tensor -> tensor.accept(file));
    file.write(directory.resolve("model.safetensors"));
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"architectures":["MixtralForCausalLM"],"model_type":"mixtral","vocab_size":40,
         "hidden_size":64,"intermediate_size":32,"num_hidden_layers":1,"num_attention_heads":4,
         "num_key_value_heads":2,"num_local_experts":3,"num_experts_per_tok":2,
         "quantization_config":{"quant_method":"mxfp4",
           "modules_to_not_convert":["model.layers.*.self_attn","lm_head"]}}
        """);
    return Checkpoint.open(directory);
  }

  /** The number in a column of a row of all experts. */
  private static double number(int row, int column) {
    int block = column / 32;
    return NUMBERS[(column % 32 + 2 * turn(row, block)) % 32] * FACTORS[scale(row, block)];
  }

  @Test
  void gatesAreTheEvenRowsOfAnExpertAndUpsTheOddOnes() throws IOException {
    try (Checkpoint checkpoint = open()) {
      ExpertNames names = ExpertNames.MIXTRAL;
      for (int expert = 0; expert < EXPERTS; expert++) {
        double[] gate = new double[INNER * HIDDEN];
        double[] up = new double[INNER * HIDDEN];
        double[] down = new double[HIDDEN * INNER];
        for (int i = 0; i < gate.length; i++) {
          int row = expert * 2 * INNER + 2 * (i / HIDDEN);
          gate[i] = number(row, i % HIDDEN);
          up[i] = number(row + 1, i % HIDDEN);
          down[i] = number(expert * HIDDEN + i / INNER, i % INNER);
        }
        assertArrayEquals(gate, checkpoint.read(names.gate(0, expert)));
        assertArrayEquals(up, checkpoint.read(names.up(0, expert)));
        assertArrayEquals(down, checkpoint.read(names.down(0, expert)));
        // A rank's columns of the down projection, which end within a block.
        double[] slice = checkpoint.slice(names.down(0, expert), 3, 5, 8, 16).values().get();
        assertArrayEquals(Arrays.copyOfRange(down, 3 * INNER + 8, 3 * INNER + 16), first(slice));
      }
    }
  }

  private static double[] first(double... slice) {
    return Arrays.copyOf(slice, 8);
  }

  @Test
  void shapesThatContradictAreRefused() {
    replace("gate_up_proj_blocks", List.of(2, 64, 2, 16), new byte[4096]);
    assertRefused(
        "gate_up_proj_blocks: expected shape [3, 64, 2, 16] for experts in MXFP4,"
            + " got [2, 64, 2, 16]");
    packed("gate_up_proj", 2 * INNER, HIDDEN);
    replace("down_proj_scales", List.of(3, 1, 64), new byte[192]);
    assertRefused(
        "down_proj_scales: expected shape [3, 64, 1] for experts in MXFP4, got [3, 1, 64]");
  }

  @Test
  void elementsWithoutScalesAndScalesWithoutElementsAreRefused() {
    tensors.remove(PACKED + "down_proj_scales");
    assertRefused("down_proj_scales: expected shape [3, 64, 1] for experts in MXFP4, got nothing");
    packed("down_proj", HIDDEN, INNER);
    tensors.remove(PACKED + "gate_up_proj_blocks");
    assertRefused(
        "gate_up_proj_blocks: expected shape [3, 64, 2, 16] for experts in MXFP4, got nothing");
  }

  @Test
  void aBiasIsRefusedAndNotLeftOut() {
    String bias = PACKED + "gate_up_proj_bias";
    tensors.put(bias, file -> file.floats(bias, List.of(EXPERTS, 64), new float[EXPERTS * 64]));
    assertRefused("gate_up_proj_bias: expected experts without biases, which are not computed");
  }

  @Test
  void theScaleThatIsNoNumberIsRefusedWhenItIsRead() throws IOException {
    byte[] scales = new byte[EXPERTS * HIDDEN];
    scales[HIDDEN + 7] = (byte) 0xff;
    replace("down_proj_scales", List.of(EXPERTS, HIDDEN, 1), scales);
    try (Checkpoint checkpoint = open()) {
      checkpoint.read(ExpertNames.MIXTRAL.down(0, 0));
      assertEquals(
          "scale " + PACKED + "down_proj_scales: expected finite numbers of at least 0, got NaN",
          withoutFile(
              assertThrows(
                  InvalidInputException.class,
                  () -> checkpoint.read(ExpertNames.MIXTRAL.down(0, 1)))));
    }
  }

  private void assertRefused(String expected) {
    assertEquals(
        "weight " + PACKED + expected,
        withoutFile(assertThrows(InvalidInputException.class, this::open)));
  }

  private String withoutFile(InvalidInputException refusal) {
    String file = directory.resolve("model.safetensors") + ": ";
    assertEquals(file, refusal.getMessage().substring(0, file.length()));
    return refusal.getMessage().substring(file.length());
  }
}
