package dev.helix.tensor.io.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.ElementType;
import dev.helix.tensor.io.FileTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFilesTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void tensorsHaveTheirStridesWhateverTheProtocol(int protocol) {
    try (TensorFile opened = ForeignFiles.open("protocol%d.pt".formatted(protocol))) {
      Map<String, FileTensor> tensors = opened.tensors();
      assertEquals(
          Set.of("q", "transposed", "nested.layers.0", "nested.layers.1.b"), tensors.keySet());
      assertEquals(List.of(2L, 3L, 4L), tensors.get("q").shape());
      assertArrayEquals(ForeignFiles.counted(0, 24), tensors.get("q").numbers());
      // A view of [4, 3] that begins at element 1 and goes down columns.
      assertArrayEquals(
          new double[] {1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12},
          tensors.get("transposed").numbers());
      FileTensor e5m2 = tensors.get("nested.layers.0");
      assertEquals(ElementType.F8_E5M2, e5m2.type());
      assertArrayEquals(
          new double[] {1, 2, -1, 57344, Double.POSITIVE_INFINITY, 0x1p-16, 0, -0.0},
          e5m2.numbers());
      assertArrayEquals(
          new double[] {1, -2.5, 3.140625, 0}, tensors.get("nested.layers.1.b").numbers());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void plainValuesAreFactsAndObjectsAreOnlyNamed(int protocol) {
    try (TensorFile opened = ForeignFiles.open("protocol%d.pt".formatted(protocol))) {
      Map<String, String> facts = opened.facts();
      assertEquals("3", facts.get("meta.rank"));
      assertEquals("0.125", facts.get("meta.scale"));
      assertEquals("café", facts.get("meta.name"));
      assertEquals("1180591620717411303424", facts.get("meta.big"));
      assertEquals("-7", facts.get("meta.neg"));
      assertEquals("true", facts.get("meta.on"));
      assertEquals("None", facts.get("meta.none"));
      assertEquals("1", facts.get("meta.set.0"));
      assertEquals("cuda", facts.get("meta.dev"));
      assertEquals("2", facts.get("shape.0"));
      assertEquals("(engine.Mode, not read)", facts.get("meta.mode"));
      assertTrue(facts.get("meta.config").contains("not read"), facts.get("meta.config"));
    }
  }

  @Test
  void whatAPickleWouldRunIsNotRun() {
    try (TensorFile opened = ForeignFiles.open("runs.pt")) {
      assertEquals(Set.of("q"), opened.tensors().keySet());
      assertTrue(opened.facts().get("evil").endsWith("eval, not read)"));
    }
  }

  @Test
  void aDeflatedArchiveIsReadAsWell() {
    try (TensorFile opened = ForeignFiles.open("deflated.pt")) {
      assertArrayEquals(ForeignFiles.counted(0, 24), opened.tensors().get("q").numbers());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cyclic.pt, 'pickle: expected containers inside each other, got one that contains itself'",
    "shared.pt, 'and of few values that are shared, got more'",
    "deep.pt, 'pickle: expected at most 64 containers inside each other, got more'",
    "big-endian.pt, 'byteorder: expected little, got big'",
    "beyond.pt, 'tensor 0: strides: expected elements within the 96 bytes of its storage, got"
        + " shape [2, 3, 5], strides [12, 4, 1] and offset 0 of F32, which reach byte 100'",
    "offset.pt, 'which reach byte 100'",
    "dtype.pt, 'dtype: expected one that is known, got torch.complex32'",
    "short-storage.pt, 'storage 0: expected 24 elements of 4 bytes, got 92 bytes'",
    "long-storage.pt, 'storage 0: expected 20 elements of 4 bytes, got 96 bytes'",
    "absent-storage.pt, 'expected a member archive/data/0, got none'",
    "legacy.pt, 'expected a file of torch.save since PyTorch 1.6'",
    "protocol0.pt, 'pickle, byte 1: expected a pickle of protocol 2 to 5'"
  })
  void faultsAreNamedInOneLine(String file, String part) {
    String message =
        assertThrows(InvalidInputException.class, () -> ForeignFiles.open(file)).getMessage();
    assertTrue(
        message.startsWith(file + ": ") && message.replace("\"", "").contains(part), message);
    assertFalse(message.contains("\n"), message);
  }

  @Test
  void aFileThatIsCutShortIsRefusedWhereverItIsCut() {
    byte[] whole = ForeignFiles.bytes("protocol4.pt");
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(InvalidInputException.class, () -> ForeignFiles.open("cut.pt", cut));
    }
  }
}
