package dev.helix.runtime.checkpoint.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Each way in which releases store a quantised matrix, against numbers written out here. */
class StoredFormsTest {
  private static final int ROWS = 5;
  private static final int COLUMNS = 96;
  private static final double[] E2M1 = {
    0, .5, 1, 1.5, 2, 3, 4, 6, -0.0, -.5, -1, -1.5, -2, -3, -4, -6
  };
  private static final WeightShape WEIGHT = WeightShape.of("w", ROWS, COLUMNS);
  private static final float TENSOR_SCALE = 0.00123f;

  private final byte[] codes = bytes(ROWS * COLUMNS / 2, 0, 256);

  private static byte[] bytes(int count, int from, int to) {
    SplittableRandom random = new SplittableRandom(count);
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) random.nextInt(from, to);
    }
    return bytes;
  }

  private static double e4m3(byte code) {
    int bits = code & 0x7f;
    double magnitude = bits < 8 ? bits * 0x1p-9 : (8 + (bits & 7)) * Math.pow(2, (bits >> 3) - 10);
    return code < 0 ? -magnitude : magnitude;
  }

  private double e2m1(int index) {
    return E2M1[codes[index / 2] >> (index % 2 * 4) & 0xf];
  }

  private static void assertNumbers(double[] expected, StoredFile file) {
    StoredMatrix matrix = StoredForms.of(file.files(), WEIGHT);
    assertArrayEquals(expected, matrix.block(0, ROWS, 0, COLUMNS));
    // A slice that begins and ends within bytes and blocks.
    double[] part = matrix.block(1, 4, 13, 52);
    for (int row = 1; row < 4; row++) {
      int from = row * COLUMNS + 13;
      assertArrayEquals(
          Arrays.copyOfRange(expected, from, from + 39),
          Arrays.copyOfRange(part, (row - 1) * 39, row * 39));
    }
    assertEquals(0, matrix.block(2, 4, 7, 7).length);
  }

  @Test
  void nvfp4OfModelOptIsElementTimesBothScales() {
    byte[] scales = bytes(ROWS * 6, 1, 0x7f);
    double[] expected = new double[ROWS * COLUMNS];
    Arrays.setAll(expected, i -> e2m1(i) * e4m3(scales[i / 16]) * TENSOR_SCALE);
    assertNumbers(
        expected,
        new StoredFile()
            .bytes("w", "U8", List.of(ROWS, 48), codes)
            .bytes("w_scale", "F8_E4M3", List.of(ROWS, 6), scales)
            .floats("w_scale_2", List.of(), TENSOR_SCALE));
  }

  @Test
  void nvfp4OfCompressedTensorsIsDividedByTheGlobalScale() {
    byte[] scales = bytes(ROWS * 6, 1, 0x7f);
    double[] expected = new double[ROWS * COLUMNS];
    Arrays.setAll(expected, i -> e2m1(i) * e4m3(scales[i / 16]) / TENSOR_SCALE);
    assertNumbers(
        expected,
        new StoredFile()
            .bytes("w_packed", "U8", List.of(ROWS, 48), codes)
            .bytes("w_scale", "F8_E4M3", List.of(ROWS, 6), scales)
            .floats("w_global_scale", List.of(1), TENSOR_SCALE));
  }

  @Test
  void mxfp4HasPowersOfTwoForBlocksOf32() {
    byte[] scales = bytes(ROWS * 3, 100, 150);
    double[] expected = new double[ROWS * COLUMNS];
    Arrays.setAll(expected, i -> e2m1(i) * Math.pow(2, (scales[i / 32] & 0xff) - 127));
    assertNumbers(
        expected,
        new StoredFile()
            .bytes("w_packed", "U8", List.of(ROWS, 48), codes)
            .bytes("w_scale", "U8", List.of(ROWS, 3), scales));
  }

  @Test
  void fp8HasOneScaleOrOneForEachRow() {
    byte[] numbers = bytes(ROWS * COLUMNS, 0, 0x7f);
    float[] scales = {0.1f, 2, 3e-9f, 4, 0.5f};
    double[] byRow = new double[ROWS * COLUMNS];
    Arrays.setAll(byRow, i -> e4m3(numbers[i]) * scales[i / COLUMNS]);
    double[] byTensor = new double[ROWS * COLUMNS];
    Arrays.setAll(byTensor, i -> e4m3(numbers[i]) * TENSOR_SCALE);
    for (List<Integer> shape : List.of(List.of(ROWS), List.of(ROWS, 1))) {
      assertNumbers(
          byRow,
          new StoredFile()
              .bytes("w", "F8_E4M3", List.of(ROWS, COLUMNS), numbers)
              .floats("w_scale", shape, scales));
    }
    assertNumbers(
        byTensor,
        new StoredFile()
            .bytes("w", "F8_E4M3", List.of(ROWS, COLUMNS), numbers)
            .floats("w_scale", List.of(), TENSOR_SCALE));
  }

  @Test
  void shapesThatContradictAreRefused() {
    byte[] scales = bytes(ROWS * 6, 1, 0x7f);
    StoredFile halves =
        new StoredFile()
            .bytes("w", "U8", List.of(ROWS, 96), new byte[ROWS * 96])
            .bytes("w_scale", "F8_E4M3", List.of(ROWS, 6), scales)
            .floats("w_scale_2", List.of(), 1);
    assertRefused(
        "f: weight w: expected shape [5, 48] for a weight in FP4, got [5, 96]", halves, WEIGHT);
    StoredFile blocks =
        new StoredFile()
            .bytes("w", "U8", List.of(ROWS, 48), codes)
            .bytes("w_scale", "F8_E4M3", List.of(6, ROWS), scales)
            .floats("w_scale_2", List.of(), 1);
    assertRefused(
        "f: weight w_scale: expected shape [5, 6] for a weight in FP4, got [6, 5]", blocks, WEIGHT);
    StoredFile rows =
        new StoredFile()
            .bytes("w", "F8_E4M3", List.of(ROWS, COLUMNS), new byte[ROWS * COLUMNS])
            .floats("w_scale", List.of(2), 1, 1);
    assertRefused(
        "f: weight w_scale: expected one scale or shape [5, 1] for a weight in FP8, got [2]",
        rows,
        WEIGHT);
    StoredFile ragged =
        new StoredFile()
            .bytes("w", "U8", List.of(1, 12), new byte[12])
            .bytes("w_scale", "F8_E4M3", List.of(1, 1), new byte[1])
            .floats("w_scale_2", List.of(), 1);
    assertRefused(
        "f: weight w: expected rows that blocks of 16 divide, got 24 numbers",
        ragged,
        WeightShape.of("w", 1, 24));
  }

  @Test
  void scalesThatAreMissingOrNoScalesAreRefused() {
    StoredFile none = new StoredFile().bytes("w", "U8", List.of(ROWS, 48), codes);
    assertRefused(
        "f: weight w: expected scales w_scale of a weight in FP4, got nothing", none, WEIGHT);
    byte[] scales = bytes(ROWS * 6, 1, 0x7f);
    StoredFile alone =
        new StoredFile()
            .bytes("w", "U8", List.of(ROWS, 48), codes)
            .bytes("w_scale", "F8_E4M3", List.of(ROWS, 6), scales);
    assertRefused(
        "f: weight w: expected a scale w_scale_2 of a weight in NVFP4, got nothing", alone, WEIGHT);
    for (float bad : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      StoredFile file =
          new StoredFile()
              .bytes("w", "U8", List.of(ROWS, 48), codes)
              .bytes("w_scale", "F8_E4M3", List.of(ROWS, 6), scales)
              .floats("w_scale_2", List.of(), bad);
      assertRefused(
          "f: scale w_scale_2: expected positive finite numbers, got " + (double) bad,
          file,
          WEIGHT);
    }
    for (int bad : new int[] {0x7f, 0x81, 0xff}) {
      byte[] spoilt = scales.clone();
      spoilt[7] = (byte) bad;
      StoredMatrix matrix =
          StoredForms.of(
              new StoredFile()
                  .bytes("w", "U8", List.of(ROWS, 48), codes)
                  .bytes("w_scale", "F8_E4M3", List.of(ROWS, 6), spoilt)
                  .floats("w_scale_2", List.of(), 1)
                  .files(),
              WEIGHT);
      assertThrows(InvalidInputException.class, () -> matrix.block(1, 2, 16, 17));
    }
  }

  /** ModelOpt writes such a scale of a block in E4M3 that is tiny beside the whole matrix. */
  @Test
  void aBlockOrRowWithAScaleOfZeroIsZeros() {
    byte[] scales = bytes(ROWS * 6, 1, 0x7f);
    scales[7] = 0;
    double[] expected = new double[ROWS * COLUMNS];
    Arrays.setAll(expected, i -> e2m1(i) * e4m3(scales[i / 16]));
    StoredFile blocks =
        new StoredFile()
            .bytes("w", "U8", List.of(ROWS, 48), codes)
            .bytes("w_scale", "F8_E4M3", List.of(ROWS, 6), scales);
    assertNumbers(expected, blocks.floats("w_scale_2", List.of(), 1));
    byte[] numbers = bytes(ROWS * COLUMNS, 0, 0x7f);
    float[] rows = {0.5f, 0, 2, 4, 8};
    double[] byRow = new double[ROWS * COLUMNS];
    Arrays.setAll(byRow, i -> e4m3(numbers[i]) * rows[i / COLUMNS]);
    assertNumbers(
        byRow,
        new StoredFile()
            .bytes("w", "F8_E4M3", List.of(ROWS, COLUMNS), numbers)
            .floats("w_scale", List.of(ROWS), rows));
    for (float bad : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
      StoredFile file =
          new StoredFile()
              .bytes("w", "F8_E4M3", List.of(ROWS, COLUMNS), numbers)
              .floats("w_scale", List.of(ROWS), 1, 1, bad, 1, 1);
      assertRefused(
          "f: scale w_scale: expected finite numbers of at least 0, got " + (double) bad,
          file,
          WEIGHT);
    }
  }

  private static void assertRefused(String expected, StoredFile file, WeightShape weight) {
    assertEquals(
        expected,
        assertThrows(InvalidInputException.class, () -> StoredForms.of(file.files(), weight))
            .getMessage());
  }
}
