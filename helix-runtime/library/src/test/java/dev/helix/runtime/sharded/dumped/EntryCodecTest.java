package dev.helix.runtime.sharded.dumped;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.cache.quantized.QuantizedTokens;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.formats.BlockFormat;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.io.ElementType;
import dev.helix.tensor.io.FileTensor;
import dev.helix.tensor.io.SafetensorsWriter;
import dev.helix.tensor.io.foreign.TensorFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Entries of a dumped cache stand for the numbers that the codec of the cache gives. */
class EntryCodecTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = CacheFormat.class,
      names = {"MXFP8", "NVFP4", "MXFP4", "FP8_DS_MLA"})
  void entriesOfAFileAreDecodedAsTheCacheDoes(CacheFormat format) {
    BlockFormat codec = QuantizedTokens.codec(format, 1);
    int size = format == CacheFormat.FP8_DS_MLA ? 576 : 64;
    double[] numbers = IntStream.range(0, size).mapToDouble(i -> Math.sin(i) * (i + 1)).toArray();
    byte[] entry = codec.encode(numbers).bytes();
    try (TensorFile file = written(entry)) {
      FileTensor read = file.tensors().get("k_entries");
      EntryCodec of = EntryCodec.of(Optional.of(format.toString()), entry.length, read);
      double[] front = new double[size - 3];
      of.decode(read.bytes(0, of.bytes()), front);
      double[] expected = codec.decode(entry, size);
      assertArrayEquals(Arrays.copyOf(expected, front.length), front);
      String message =
          assertThrows(
                  InvalidInputException.class,
                  () -> of.decode(read.bytes(0, of.bytes()), new double[size + 1]))
              .getMessage();
      assertEquals(
          "entries of the cache: expected %d components, got %d of %d bytes"
              .formatted(size + 1, size, entry.length),
          message);
    }
  }

  @Test
  void aSizeThatTheFormatHasNotIsRefused() {
    try (TensorFile file = written(new byte[35])) {
      FileTensor read = file.tensors().get("k_entries");
      assertRefused(read, Optional.of("nvfp4"), "of nvfp4: expected a multiple of 9 bytes, got 35");
      assertRefused(read, Optional.empty(), "of fp8-ds-mla: expected 656 bytes, got 35");
      assertRefused(read, Optional.of("fp64"), "of fp8-ds-mla: expected 656 bytes, got 35");
    }
  }

  private static void assertRefused(FileTensor tensor, Optional<String> format, String ending) {
    InvalidInputException refused =
        assertThrows(InvalidInputException.class, () -> EntryCodec.of(format, 35, tensor));
    assertTrue(refused.getMessage().endsWith("entries " + ending), refused.getMessage());
  }

  private TensorFile written(byte[] entry) {
    Path file = folder.resolve("rank0.safetensors");
    new SafetensorsWriter()
        .bytes("k_entries", ElementType.U8, List.of(1, 1, 1, entry.length), entry)
        .write(file);
    return TensorFile.open(file);
  }
}
