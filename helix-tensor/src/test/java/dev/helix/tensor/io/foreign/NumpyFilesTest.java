package dev.helix.tensor.io.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.ElementType;
import dev.helix.tensor.io.FileTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumpyFilesTest {
  private static final List<Long> SHAPE = List.of(2L, 3L, 4L);
  private static final double[] NUMBERS = ForeignFiles.counted(-5, 24);

  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "deflated.npz"})
  void arraysOfEveryTypeHaveTheNumbersThatNumpyWrote(String file) {
    try (TensorFile opened = ForeignFiles.open(file)) {
      for (String floating : List.of("f8", "f4", "f2", "fortran")) {
        FileTensor tensor = opened.tensors().get(floating);
        assertEquals(SHAPE, tensor.shape());
        assertArrayEquals(NUMBERS, tensor.numbers(), floating);
      }
      for (String signed : List.of("i8", "i4", "i2", "i1")) {
        assertArrayEquals(integers(NUMBERS, false), opened.tensors().get(signed).integers());
      }
      for (String unsigned : List.of("u8", "u4", "u2", "u1")) {
        assertArrayEquals(integers(NUMBERS, true), opened.tensors().get(unsigned).integers());
      }
      long[] even = Arrays.stream(NUMBERS).mapToLong(x -> x % 2 == 0 ? 1 : 0).toArray();
      assertArrayEquals(even, opened.tensors().get("b1").integers());
      assertEquals(0.125, opened.tensors().get("scalar").number());
      assertEquals(List.of(3L, 0L, 2L), opened.tensors().get("empty").shape());
      assertEquals(0, opened.tensors().get("empty").numbers().length);
      assertEquals(ElementType.U16, opened.tensors().get("void2").type());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyVersionIsRead(int version) {
    try (TensorFile opened = ForeignFiles.open("version%d.npy".formatted(version))) {
      FileTensor only = opened.tensors().get("");
      assertEquals(List.of(1L, 2L, 6L), only.strides());
      assertArrayEquals(NUMBERS, only.numbers());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "big.npy, >f4",
    "complex.npy, <c16",
    "text.npy, <U2",
    "objects.npy, '|O, objects that only Python can make'",
    "fields.npy, an array with fields"
  })
  void typesThatAreNotReadAreNamed(String file, String came) {
    assertRefused(file, ForeignFiles.bytes(file), ", got " + came);
  }

  @Test
  void aFileThatIsCutShortIsRefusedWhereverItIsCut() {
    byte[] whole = ForeignFiles.bytes("version1.npy");
    for (int length = 0; length < whole.length; length++) {
      assertRefused("cut.npy", Arrays.copyOf(whole, length), "cut.npy: ");
    }
    byte[] archive = ForeignFiles.bytes("stored.npz");
    for (int length = 0; length < archive.length; length += 7) {
      assertRefused("cut.npz", Arrays.copyOf(archive, length), "cut.npz: ");
    }
  }

  @Test
  void aHeaderIsReadAsThreeFieldsAndNothingElse() {
    assertRefused(
        "h.npy",
        npy("{'descr': '<f8', 'shape': (0,), 'fortran_order': eval('1'), }"),
        "expected True or False at character 49, got eval('1'), }");
    assertRefused(
        "h.npy", npy("{'descr': '<f8', 'shape': (0,), }"), "descr, fortran_order and shape");
    assertRefused("h.npy", npy("{'descr': '<f8', 'descr': '<f4', }"), "the field descr once");
    assertRefused(
        "h.npy",
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775808,), }"),
        "sizes below 2^63");
    assertRefused(
        "h.npy",
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }"),
        "a size in bits below 2^63");
  }

  @Test
  void ofALongHeaderOnlyTheBeginningIsShown() {
    String digits = "4294967296".repeat(50);
    assertRefused(
        "h.npy",
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (%s,), }".formatted(digits)),
        "at most 64 sizes with commas between them, got " + digits.substring(0, 20));
  }

  /** Old versions of NumPy wrote long integers of Python 2. */
  @Test
  void sizesMayBeLongIntegersOfPython2() {
    byte[] file = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (0L, 2L), }");
    assertEquals(List.of(0L, 2L), ForeignFiles.open("h.npy", file).tensors().get("").shape());
  }

  @Test
  void aSmallFileCannotFillTheMemory() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("k.npy"));
      zip.write(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000,), }"));
      zip.write(new byte[8_000_000]);
    }
    assertRefused(
        "bomb.npz", out.toByteArray(), "member k.npy: expected deflated members of at most");
  }

  @Test
  void deflatedBytesHaveToHaveTheirChecksum() {
    byte[] file = ForeignFiles.bytes("deflated.npz");
    int refused = 0;
    for (int at = 40; at < 140; at++) {
      byte[] damaged = file.clone();
      damaged[at] ^= 4;
      try (TensorFile opened = ForeignFiles.open("damaged.npz", damaged)) {
        assertArrayEquals(NUMBERS, opened.tensors().get("f8").numbers());
      } catch (InvalidInputException e) {
        refused++;
      }
    }
    assertTrue(refused > 60, "refused only " + refused);
  }

  @Test
  void anArchiveOfOtherThingsIsRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("readme.txt"));
    }
    assertRefused("x.zip", out.toByteArray(), "member readme.txt: expected .npy files");
  }

  private static byte[] npy(String header) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    file.write(header.length());
    file.write(header.length() >> 8);
    file.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    return file.toByteArray();
  }

  private static long[] integers(double[] numbers, boolean magnitudes) {
    return Arrays.stream(numbers).mapToLong(x -> (long) (magnitudes ? Math.abs(x) : x)).toArray();
  }

  private static void assertRefused(String name, byte[] bytes, String part) {
    String message =
        assertThrows(InvalidInputException.class, () -> ForeignFiles.open(name, bytes))
            .getMessage();
    assertTrue(message.startsWith(name + ": ") && message.contains(part), message);
    assertTrue(message.length() < 300, message);
  }
}
