package dev.helix.runtime.checkpoint.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BlockScalesTest {
  private static final int ROWS = 130;
  private static final int COLUMNS = 260;

  @Test
  void eachNumberIsMultipliedWithTheScaleOfItsBlockExactly() {
    SafetensorsFile file = file("[2,3]", 6);
    double[] whole = BlockScales.read(file, file, "w", 0, ROWS, 0, COLUMNS);
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        assertEquals(expected(row, column), whole[row * COLUMNS + column]);
      }
    }
  }

  @Test
  void aSliceIsPartOfTheWhole() {
    SafetensorsFile file = file("[2,3]", 6);
    double[] slice = BlockScales.read(file, file, "w", 126, 130, 120, 259);
    for (int i = 0; i < slice.length; i++) {
      assertEquals(expected(126 + i / 139, 120 + i % 139), slice[i]);
    }
  }

  @Test
  void aWeightInFp8WithoutScalesIsRefused() {
    WeightFiles files = WeightFiles.of(file("[3,3]", 9));
    InvalidInputException refusal =
        assertThrows(
            InvalidInputException.class, () -> files.require(WeightShape.of("w", ROWS, COLUMNS)));
    assertEquals(
        "f: weight w_scale_inv: expected shape [2, 3] for a weight in FP8, got [3, 3]",
        refusal.getMessage());
  }

  @Test
  void aWeightInFp8WithScalesIsAccepted() {
    WeightFiles.of(file("[2,3]", 6)).require(WeightShape.of("w", ROWS, COLUMNS));
  }

  /** Bits 0x30 to 0x4f: 0.5, 0.5625, … 7.5; scales in FP32 that are no powers of two. */
  private static byte element(int row, int column) {
    return (byte) (0x30 + (row * 7 + column) % 32);
  }

  private static float scale(int block) {
    return 0.1f * (block + 1);
  }

  private static double expected(int row, int column) {
    int bits = element(row, column);
    double number = (8 + (bits & 7)) * Math.pow(2, (bits >> 3) - 10);
    return number * scale(row / 128 * 3 + column / 128);
  }

  private static SafetensorsFile file(String scaleShape, int scales) {
    int numbers = ROWS * COLUMNS;
    String header =
        ("{\"w\":{\"dtype\":\"F8_E4M3\",\"shape\":[130,260],\"data_offsets\":[0,%d]},"
                + "\"w_scale_inv\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}}")
            .formatted(numbers, scaleShape, numbers, numbers + 4 * scales);
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + numbers + 4 * scales)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text);
    for (int i = 0; i < numbers; i++) {
      bytes.put(element(i / COLUMNS, i % COLUMNS));
    }
    for (int block = 0; block < scales; block++) {
      bytes.putFloat(scale(block));
    }
    return SafetensorsFile.of("f", bytes.flip());
  }
}
