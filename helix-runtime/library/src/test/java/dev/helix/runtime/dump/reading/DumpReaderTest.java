package dev.helix.runtime.dump.reading;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.Moment;
import dev.helix.runtime.dump.Role;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpReaderTest {
  private static final Moment ONLY = new Moment(0, 0);

  @TempDir private Path folder;

  @Test
  void tensorsOfEachRankAreFoundByTheirNames() {
    for (int rank = 0; rank < 2; rank++) {
      writeRank(folder.resolve("rank%d.safetensors".formatted(rank)), 100 * rank, 4);
    }
    try (Dump dump = open(DumpOptions.NONE)) {
      assertEquals(2, dump.ranks());
      assertEquals(List.of(ONLY), dump.moments());
      DumpTensor lse = dump.find(Role.LSE, 1, ONLY).orElseThrow();
      assertEquals(List.of(DumpAxis.BATCH, DumpAxis.HEADS), lse.axes());
      assertTrue(lse.axesAreCertain());
      assertEquals(100, lse.data().number(0, 0));
      DumpTensor values = dump.find(Role.VALUE_CACHE, 1, ONLY).orElseThrow();
      assertEquals(
          List.of(DumpAxis.REQUESTS, DumpAxis.TOKENS, DumpAxis.KV_HEADS, DumpAxis.HEAD_DIM),
          values.axes());
      assertArrayEquals(counted(3 * 5 * 2 * 8, 100 + 3 * 5 * 2 * 8), values.data().numbers());
    }
  }

  @Test
  void oneFileMayHaveAnAxisOfRanks() {
    new SafetensorsWriter()
        .tensor("q", DType.F32, List.of(3, 4, 8), counted(96, 0))
        .tensor("partial_o", DType.F32, List.of(2, 3, 4, 8), counted(192, 0))
        .tensor("lse", DType.F32, List.of(2, 3, 4), counted(24, 0))
        .write(folder.resolve("all.safetensors"));
    try (Dump dump = open(DumpOptions.NONE)) {
      assertEquals(2, dump.ranks());
      assertEquals(12, dump.find(Role.LSE, 1, ONLY).orElseThrow().data().number(0, 0));
      assertEquals(
          dump.find(Role.QUERY, 0, ONLY).orElseThrow().data().numbers()[95],
          dump.find(Role.QUERY, 1, ONLY).orElseThrow().data().number(2, 3, 7));
    }
  }

  /** [8, 8, 4, 16] has 8 slots or 8 KV heads; a request of 9 tokens with 3 pages decides. */
  @Test
  void pagesAndLengthsTellTheOrderOfAxesInAPage() {
    for (int[] pages : new int[][] {{0, 1, -1}, {0, 1, 2}}) {
      long[] tokens = {9};
      Path file = folder.resolve("rank0.safetensors");
      SafetensorsWriter writer =
          new SafetensorsWriter()
              .tensor("q", DType.F32, List.of(1, 8, 16), counted(128, 0))
              .tensor("k_cache", DType.F32, List.of(8, 8, 4, 16), counted(4096, 0));
      writer.integers("block_table", List.of(1, 3), Arrays.stream(pages).asLongStream().toArray());
      writer.integers("local_seq_lens", List.of(1), tokens).write(file);
      try (Dump dump = open(DumpOptions.NONE)) {
        DumpTensor keys = dump.find(Role.KEY_CACHE, 0, ONLY).orElseThrow();
        assertTrue(keys.axesAreCertain());
        assertEquals(pages[2] < 0 ? 8 : 4, keys.size(DumpAxis.SLOTS));
      }
    }
  }

  @Test
  void keysAndValuesInOneTensorAreTakenApart() {
    for (List<Integer> shape : List.of(List.of(2, 3, 5, 1, 8), List.of(3, 2, 5, 1, 8))) {
      new SafetensorsWriter()
          .tensor("q", DType.F32, List.of(1, 4, 8), counted(32, 0))
          .tensor("kv_cache", DType.F32, shape, counted(240, 0))
          .integers("block_table", List.of(1, 3), new long[] {0, 1, 2})
          .write(folder.resolve("rank0.safetensors"));
      try (Dump dump = open(DumpOptions.NONE)) {
        DumpTensor keys = dump.find(Role.KEY_CACHE, 0, ONLY).orElseThrow();
        DumpTensor values = dump.find(Role.VALUE_CACHE, 0, ONLY).orElseThrow();
        assertEquals(
            List.of(DumpAxis.PAGES, DumpAxis.SLOTS, DumpAxis.KV_HEADS, DumpAxis.HEAD_DIM),
            keys.axes());
        boolean together = shape.get(0) == 2;
        assertEquals(together ? 120 : 40, values.data().number(0, 0, 0, 0));
        assertEquals(together ? 80 : 160, keys.data().number(2, 0, 0, 0));
      }
    }
  }

  /**
   * Files of one name in folders of which only one is a rank's; a name that means something else,
   * since values have three axes or four; and one that is longer than a pattern may be.
   */
  @Test
  void aMapThatIsSuggestedForStrangeNamesFits() throws IOException {
    String longName = "x".repeat(700) + ".q";
    for (String name : List.of("rank0", "run")) {
      new SafetensorsWriter()
          .tensor("q", DType.F32, List.of(1, 4, 8), counted(32, 0))
          .tensor("value", DType.F32, List.of(2), counted(2, 0))
          .tensor(longName, DType.F32, List.of(2), counted(2, 0))
          .write(Files.createDirectories(folder.resolve(name)).resolve("out.safetensors"));
    }
    Path map = folder.resolve("map.json");
    Files.writeString(map, DumpReader.suggestedMap(List.of(folder)));
    String text = Files.readString(map);
    assertTrue(text.contains("\"rank{rank}/out.safetensors\", \"tensor\": \"q\""), text);
    assertTrue(text.contains("\"tensor\": \"value\", \"role\": \"ignored\""), text);
    try (Dump dump = open(DumpOptions.NONE.withMap(map))) {
      assertTrue(dump.find(Role.QUERY, 0, ONLY).isPresent());
    }
  }

  @Test
  void aMapSaysWhatNamesDoNotOrIsRefused() throws IOException {
    new SafetensorsWriter()
        .tensor("x1", DType.F32, List.of(4, 3), counted(12, 0))
        .tensor("x2", DType.F32, List.of(2, 3, 4, 8), counted(192, 0))
        .tensor("lse", DType.F32, List.of(3, 4), counted(12, 0))
        .write(folder.resolve("all.safetensors"));
    Path map = folder.resolve("map.json");
    Files.writeString(
        map,
        "{\"tensors\": [{\"tensor\": \"x1\", \"role\": \"lse\", \"axes\": [\"heads\", \"batch\"],"
            + " \"layer\": 1}, {\"file\": \"all.*\", \"tensor\": \"x2\", \"role\":"
            + " \"partial-output\", \"axes\": [\"layers\", \"batch\", \"heads\", \"headDim\"]}]}");
    try (Dump dump = open(DumpOptions.NONE.withMap(map))) {
      Moment second = new Moment(0, 1);
      assertEquals(List.of(ONLY, second), dump.moments());
      assertTrue(dump.find(Role.LSE, 0, ONLY).isEmpty());
      DumpTensor lse = dump.find(Role.LSE, 0, second).orElseThrow();
      assertEquals(11, lse.in(DumpAxis.BATCH, DumpAxis.HEADS).data().number(2, 3));
      assertEquals(
          96, dump.find(Role.PARTIAL_OUTPUT, 0, second).orElseThrow().data().number(0, 0, 0));
    }
    assertMapped(
        "{\"tensors\": [{\"tensor\": \"x9\", \"role\": \"lse\"}]}",
        "tensors[0].tensor: expected the name of a tensor that is in the dump, got \"x9\"");
    assertMapped(
        "{\"tensors\": [{\"tensor\": \"x1\", \"role\": \"lse\", \"axes\": [\"heads\"]}]}",
        "tensors[0].axes: expected as many as [4, 3] of");
    assertMapped(
        "{\"tensors\": [{\"tensor\": \"x1\", \"role\": \"logits\"}]}",
        "tensors[0].role: expected one of");
    assertMapped(
        "{\"tensors\": [{\"tensor\": \"x*\", \"role\": \"lse\"}, {\"tensor\": \"x1\", \"role\":"
            + " \"lse\"}]}",
        "tensors: expected one entry for");
    assertMapped(
        "{\"tensors\": [{\"tensor\": \"x1\", \"role\": \"lse\", \"dtype\": \"F16\"}]}",
        "tensor x1: dtype: expected a type of 32 bits, since the file has F32, got F16");
  }

  private void assertMapped(String map, String part) throws IOException {
    Path file = folder.resolve("map.json");
    Files.writeString(file, map);
    String message =
        assertThrows(InvalidInputException.class, () -> open(DumpOptions.NONE.withMap(file)))
            .getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void aMissingRankIsNamed() {
    writeRank(folder.resolve("rank0.safetensors"), 0, 4);
    writeRank(folder.resolve("rank2.safetensors"), 0, 4);
    assertRefused("ranks: expected 0 to 2, got [0, 2]");
  }

  @Test
  void shapesOfRanksHaveToAgree() {
    writeRank(folder.resolve("rank0.safetensors"), 0, 4);
    writeRank(folder.resolve("rank1.safetensors"), 0, 6);
    assertRefused("rank1.safetensors: tensor lse: lse: shape: expected [batch, heads] [3, 4]");
  }

  private void assertRefused(String part) {
    String message =
        assertThrows(InvalidInputException.class, () -> open(DumpOptions.NONE)).getMessage();
    assertTrue(message.contains(part), message);
  }

  private Dump open(DumpOptions options) {
    return DumpReader.open(List.of(folder), options);
  }

  /** Three requests, eight components. */
  private static void writeRank(Path file, int from, int heads) {
    int cache = 3 * 5 * 2 * 8;
    new SafetensorsWriter()
        .tensor("q", DType.F32, List.of(3, heads, 8), counted(3 * heads * 8, from))
        .tensor("k_cache", DType.F32, List.of(3, 5, 2, 8), counted(cache, from))
        .tensor("v_cache", DType.F32, List.of(3, 5, 2, 8), counted(cache, from + cache))
        .tensor("partial_o", DType.F32, List.of(3, heads, 8), counted(3 * heads * 8, from))
        .tensor("lse", DType.F32, List.of(3, heads), counted(3 * heads, from))
        .write(file);
  }

  private static double[] counted(int count, int from) {
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> from + i);
    return numbers;
  }
}
