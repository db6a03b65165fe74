package dev.helix.tensor.io;

import static dev.helix.tensor.io.SafetensorsBytes.entry;
import static dev.helix.tensor.io.SafetensorsBytes.file;
import static dev.helix.tensor.io.SafetensorsBytes.header;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SafetensorsFileTest {
  @TempDir Path directory;

  @Test
  void theHeaderIsToldAsItStands() {
    SafetensorsFile file =
        SafetensorsFile.of(
            "f",
            ByteBuffer.wrap(
                file(
                    header(
                        "\"__metadata__\":{\"format\":\"pt\"}",
                        entry("z", "BF16", "[2,1]", 4, 8),
                        entry("a", "F32", "[]", 0, 4),
                        entry("none", "F64", "[0,3]", 4, 4)),
                    new byte[8])));
    assertEquals(List.of("z", "a", "none"), List.copyOf(file.names()));
    assertEquals(Map.of("format", "pt"), file.metadata());
    assertEquals(List.of(2L, 1L), file.shape("z"));
    assertEquals(List.of(), file.shape("a"));
    assertEquals(DType.BF16, file.dtype("z"));
    assertTrue(file.has("a"));
    assertFalse(file.has("__metadata__"));
    assertArrayEquals(new double[0], file.read("none"));
    assertArrayEquals(new double[0], file.read("none", 0, 0, 1, 2));
  }

  @Test
  void spacesMayFollowTheHeaderAndNoTensorIsAFileToo() {
    assertEquals(Set.of(), SafetensorsFile.of("f", ByteBuffer.wrap(file("{}   "))).names());
  }

  @Test
  void elementsAreLittleEndian() {
    byte[] bytes =
        file(header(entry("a", "F32", "[1]", 0, 4)), new byte[] {0, 0, (byte) 0x80, 0x3f});
    assertArrayEquals(
        new double[] {1.0}, SafetensorsFile.of("f", ByteBuffer.wrap(bytes)).read("a"));
  }

  @Test
  void aPartOfABufferIsRead() {
    byte[] bytes = file(header(entry("a", "BF16", "[1]", 0, 2)), new byte[] {(byte) 0x80, 0x3f});
    ByteBuffer padded = ByteBuffer.allocate(bytes.length + 10).position(5).put(bytes).flip();
    assertArrayEquals(new double[] {1.0}, SafetensorsFile.of("f", padded.position(5)).read("a"));
  }

  @Test
  void aTypeThatCannotBeReadIsRefusedWhenItIsAskedFor() {
    SafetensorsFile file =
        SafetensorsFile.of(
            "f", ByteBuffer.wrap(file(header(entry("ids", "I64", "[1]", 0, 8)), new byte[8])));
    assertEquals(List.of(1L), file.shape("ids"));
    for (Executable ask :
        List.<Executable>of(
            () -> file.dtype("ids"), () -> file.read("ids"), () -> file.readRows("ids", 0, 1))) {
      assertEquals(
          "f: tensor \"ids\": dtype: expected one of F64, F32, BF16, F16, got I64",
          assertThrows(InvalidInputException.class, ask).getMessage());
    }
  }

  @Test
  void whatIsAskedForMustBeThere() throws IOException {
    Path path = directory.resolve("m.safetensors");
    new SafetensorsWriter().tensor("a", DType.F32, List.of(2, 3), new double[6]).write(path);
    SafetensorsFile file = SafetensorsFile.open(path);
    assertEquals(
        path + ": no tensor \"b\"",
        assertThrows(InvalidInputException.class, () -> file.read("b")).getMessage());
    assertEquals(
        path + ": tensor \"a\": expected 1 axes, got shape [2, 3]",
        assertThrows(InvalidInputException.class, () -> file.readRows("a", 0, 1)).getMessage());
    assertEquals(
        "[2, 4) of axis 1 of a F32[2, 3] is not within [0, 3)",
        assertThrows(IllegalArgumentException.class, () -> file.read("a", 0, 1, 2, 4))
            .getMessage());
    file.close();
    assertEquals(
        path + " is closed",
        assertThrows(IllegalStateException.class, () -> file.read("a")).getMessage());
  }

  @Test
  void aTensorTooLargeForAnArrayIsReadInParts() throws IOException {
    // A sparse file of 6 GB, of which nothing is stored but the header and a few numbers.
    Path path = directory.resolve("large.safetensors");
    long rows = 3_000_000_000L;
    byte[] header =
        header(entry("a", "BF16", "[3000000000,1]", 0, 2 * rows)).getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile out = new RandomAccessFile(path.toFile(), "rw")) {
      out.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
      out.write(header);
      out.setLength(8 + header.length + 2 * rows);
      out.seek(8 + header.length + 2 * (rows - 2));
      out.write(new byte[] {(byte) 0x80, 0x3f, 0, 0x40});
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertArrayEquals(new double[] {0, 1, 2}, file.read("a", rows - 3, rows, 0, 1));
      assertEquals(
          path
              + ": tensor \"a\": expected at most 2147483639 elements to be read at once, got"
              + " BF16[3000000000, 1]",
          assertThrows(InvalidInputException.class, () -> file.read("a")).getMessage());
      assertThrows(InvalidInputException.class, () -> file.read("a", 0, rows, 0, 1));
    }
  }

  @Test
  void whatIsNoFileIsNamed() {
    Path missing = directory.resolve("missing.safetensors");
    assertEquals(
        missing + ": no such file",
        assertThrows(InvalidInputException.class, () -> SafetensorsFile.open(missing))
            .getMessage());
    assertEquals(
        directory + ": expected a file, got a directory",
        assertThrows(InvalidInputException.class, () -> SafetensorsFile.open(directory))
            .getMessage());
  }

  /**
   * Windows of 64 bytes put seams into every row and, as the header has an odd length, into
   * elements.
   */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"FP8", "FP4"})
  void theSeamsBetweenWindowsDoNotShow(DType dtype) throws IOException {
    double[] numbers = IntStream.range(0, 15 * 11).mapToDouble(i -> i).toArray();
    Path path = directory.resolve("m.safetensors");
    new SafetensorsWriter().tensor("a", dtype, List.of(15, 11), numbers).write(path);
    for (int shift = 0; shift < 8; shift++) {
      Path shifted = directory.resolve("shifted" + shift + ".safetensors");
      Files.write(shifted, lengthenHeader(Files.readAllBytes(path), shift));
      try (SafetensorsFile file = SafetensorsFile.open(shifted, 6)) {
        assertArrayEquals(numbers, file.read("a"));
        for (int row = 0; row < 15; row++) {
          assertArrayEquals(
              Arrays.copyOfRange(numbers, row * 11 + 2, row * 11 + 9),
              file.read("a", row, row + 1, 2, 9));
        }
        assertArrayEquals(new double[] {15, 16, 26, 27, 37, 38}, file.read("a", 1, 4, 4, 6));
      }
    }
  }

  private static byte[] lengthenHeader(byte[] bytes, int by) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) in.getLong();
    byte[] header = Arrays.copyOf(Arrays.copyOfRange(bytes, 8, 8 + length), length + by);
    Arrays.fill(header, length, length + by, (byte) ' ');
    return SafetensorsBytes.withLength(
        header.length, header, Arrays.copyOfRange(bytes, 8 + length, bytes.length));
  }
}
