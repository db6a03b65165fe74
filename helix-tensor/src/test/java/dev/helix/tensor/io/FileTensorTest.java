package dev.helix.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.FileTensor.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTensorTest {
  @TempDir private Path folder;

  @Test
  void viewsAreThoseOfTheArray() {
    FileTensor whole = counted(List.of(2L, 3L, 4L));
    assertEquals(17, whole.number(1, 1, 1));
    assertArrayEquals(new double[] {12, 13, 14, 15}, whole.slice(0, 1).slice(0, 0).numbers());
    assertArrayEquals(new double[] {1, 5, 9, 13, 17, 21}, whole.slice(2, 1).numbers());
    assertArrayEquals(new double[] {8, 9, 10, 11, 20, 21, 22, 23}, whole.range(1, 2, 3).numbers());
    FileTensor permuted = whole.permuted(2, 0, 1);
    assertEquals(List.of(4L, 2L, 3L), permuted.shape());
    assertEquals(whole.number(1, 2, 3), permuted.number(3, 1, 2));
    assertArrayEquals(new double[] {0, 4, 8, 12, 16, 20, 1}, part(permuted, 0, 7));
    FileTensor split = whole.split(2, 2);
    assertEquals(List.of(2L, 3L, 2L, 2L), split.shape());
    assertEquals(whole.number(1, 2, 3), split.number(1, 2, 1, 1));
  }

  /** Every part of every view is read as element by element, whatever lies together in the file. */
  @Test
  void blocksAreTheElementsOneByOne() {
    FileTensor whole = counted(List.of(2L, 3L, 2L, 5L));
    for (FileTensor view :
        List.of(
            whole,
            whole.permuted(0, 2, 1, 3),
            whole.permuted(3, 2, 1, 0),
            whole.range(3, 1, 4),
            whole.range(1, 1, 2).permuted(1, 0, 3, 2),
            whole.slice(2, 1).permuted(2, 0, 1))) {
      int count = (int) view.elements();
      double[] all = view.numbers();
      for (int first = 0; first < count; first++) {
        for (int length = 0; length <= count - first; length += 3) {
          assertArrayEquals(
              Arrays.copyOfRange(all, first, first + length), part(view, first, length));
        }
        assertEquals(view.number(index(view, first)), all[first]);
      }
    }
  }

  @Test
  void expandedAxesReadTheSameElementsAgain() {
    FileTensor expanded =
        FileTensor.strided(origin(4), ElementType.F64, List.of(3L, 2L), List.of(0L, 1L), 1);
    assertArrayEquals(new double[] {1, 2, 1, 2, 1, 2}, expanded.numbers());
  }

  @Test
  void bitsMayBeReadAsAnotherTypeOfTheSameWidth() {
    byte[] bits = {0x38, 0x40, (byte) 0xb8, 0x7f};
    FileTensor bytes =
        FileTensor.rowMajor(
            new Origin("f", "k", ByteSource.of(ByteBuffer.wrap(bits))),
            ElementType.U8,
            List.of(4L));
    assertThrows(InvalidInputException.class, bytes::numbers);
    assertArrayEquals(new long[] {56, 64, 184, 127}, bytes.integers());
    FileTensor numbers = bytes.as(ElementType.F8_E4M3);
    assertArrayEquals(new double[] {1, 2, -1, Double.NaN}, numbers.numbers());
    assertArrayEquals(bits, numbers.bytes(0, 4));
    String message =
        assertThrows(InvalidInputException.class, () -> bytes.as(ElementType.BF16)).getMessage();
    assertEquals(
        "f: tensor k: dtype: expected a type of 8 bits, since the file has U8, got BF16", message);
  }

  @Test
  void seamsOfTheMappingAreNotSeen() throws IOException {
    Path file = folder.resolve("numbers");
    ByteBuffer bytes = ByteBuffer.allocate(3 + 50 * 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(3);
    for (int i = 0; i < 50; i++) {
      bytes.putDouble(i);
    }
    Files.write(file, bytes.array());
    try (ByteSource mapped = MappedBytes.open(file, 5)) {
      ByteSource data = mapped.part(3, 400);
      FileTensor tensor =
          FileTensor.rowMajor(new Origin("f", "", data), ElementType.F64, List.of(5L, 10L));
      assertEquals(23, tensor.number(2, 3));
      assertEquals(49, tensor.numbers()[49]);
      assertEquals(41, tensor.permuted(1, 0).numbers()[9]);
    }
  }

  @Test
  void elementsOutsideTheStorageAreRefused() {
    assertRefused(List.of(5L), List.of(1L), 0);
    assertRefused(List.of(2L, 2L), List.of(3L, 1L), 0);
    assertRefused(List.of(1L), List.of(1L), 4);
    assertRefused(List.of(1L << 40), List.of(1L << 40), 0);
    assertRefused(List.of(2L), List.of(-1L), 1);
    assertRefused(List.of(1L << 62), List.of(0L), 0);
    assertRefused(List.of(2L, 2L), List.of(1L), 0);
    assertEquals(
        0, FileTensor.strided(origin(4), ElementType.F64, List.of(0L), List.of(1L), 99).elements());
  }

  private static void assertRefused(List<Long> shape, List<Long> strides, long offset) {
    String message =
        assertThrows(
                InvalidInputException.class,
                () -> FileTensor.strided(origin(4), ElementType.F64, shape, strides, offset))
            .getMessage();
    assertTrue(message.startsWith("f: tensor x: "), message);
  }

  private static long[] index(FileTensor tensor, long number) {
    long[] index = new long[tensor.axes()];
    long rest = number;
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis] = rest % tensor.size(axis);
      rest /= tensor.size(axis);
    }
    return index;
  }

  private static double[] part(FileTensor tensor, int first, int count) {
    double[] part = new double[count + 2];
    tensor.numbers(first, part, 1, count);
    return Arrays.copyOfRange(part, 1, count + 1);
  }

  private static FileTensor counted(List<Long> shape) {
    int count = (int) shape.stream().mapToLong(size -> size).reduce(1, Math::multiplyExact);
    return FileTensor.rowMajor(origin(count), ElementType.F64, shape);
  }

  /** A storage of the numbers 0, 1, …. */
  private static Origin origin(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putDouble(i);
    }
    return new Origin("f", "x", ByteSource.of(bytes.flip()));
  }
}
