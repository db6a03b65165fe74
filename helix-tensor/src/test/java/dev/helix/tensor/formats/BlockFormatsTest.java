package dev.helix.tensor.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.formats.BlockFormat.Quantized;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Blocks against a quantiser that searches tables of all elements and all scales, and compares
 * exact decimals.
 */
final class BlockFormatsTest {
  private static final double[] E2M1 = CodeTable.magnitudes("e2m1");
  private static final double[] E4M3 = CodeTable.magnitudes("e4m3");
  private static final double[] E5M2 = CodeTable.magnitudes("e5m2");
  private static final double[] E8M0 = Arrays.copyOf(CodeTable.of("e8m0"), 255);

  /** No power of two, so that products with it are rounded wherever they can be. */
  private static final float TENSOR_SCALE = 0.0123f;

  @Test
  void fp8IsTheElementTimesTheScale() {
    for (float scale : new float[] {1, TENSOR_SCALE, 3e30f, Float.MIN_VALUE}) {
      ScaledFp8 format = new ScaledFp8(FloatFormat.E4M3, scale);
      double[] table = CodeTable.of("e4m3");
      for (int code = 0; code < 256; code++) {
        double[] numbers = format.decode(new byte[] {(byte) code}, 1);
        assertEquals(table[code] * scale, numbers[0]);
      }
    }
  }

  /** Next to a midpoint the quotient of number and scale is rounded, and decides all the same. */
  @Test
  void fp8RoundsToTheNearestProductAndOfTwoToTheEven() {
    for (FloatFormat element : new FloatFormat[] {FloatFormat.E4M3, FloatFormat.E5M2}) {
      double[] table = element == FloatFormat.E4M3 ? E4M3 : E5M2;
      SplittableRandom random = new SplittableRandom(1);
      for (int trial = 0; trial < 200; trial++) {
        float scale = (float) Math.exp(random.nextGaussian() * 8);
        ScaledFp8 format = new ScaledFp8(element, scale);
        for (int below = 0; below + 1 < table.length; below++) {
          double middle = (table[below] + table[below + 1]) / 2 * scale;
          int even = below % 2 == 0 ? below : below + 1;
          double[] around = {Math.nextDown(middle), middle, Math.nextUp(middle), -middle};
          byte[] expected = {(byte) below, (byte) even, (byte) (below + 1), (byte) (even | 0x80)};
          assertArrayEquals(expected, format.encode(around).bytes());
        }
      }
    }
  }

  @Test
  void fp8CountsWhatIsBeyondTheLargestAndKeepsNan() {
    ScaledFp8 format = new ScaledFp8(FloatFormat.E4M3, 0.5f);
    double[] numbers = {224, -224, Math.nextUp(224), -1e9, Double.NaN, Double.POSITIVE_INFINITY, 0};
    Quantized quantized = format.encode(numbers);
    assertEquals(3, quantized.saturated());
    byte most = 0x7e;
    byte least = (byte) 0xfe;
    assertArrayEquals(new byte[] {most, least, most, least, 0x7f, most, 0}, quantized.bytes());
  }

  @Test
  void nvfp4IsWhatASearchOfAllScalesAndElementsFinds() {
    SplittableRandom random = new SplittableRandom(2);
    for (int trial = 0; trial < 400; trial++) {
      float tensorScale = trial % 3 == 0 ? 1 : (float) Math.exp(random.nextGaussian() * 5);
      double[] numbers = numbers(random, 16, tensorScale * Math.exp(random.nextGaussian() * 6));
      assertAsSearched(BlockScaled.nvfp4(tensorScale), numbers, E4M3, E2M1, tensorScale, 16);
    }
  }

  @Test
  void mxfp4AndMxfp8AreWhatASearchOfAllScalesAndElementsFinds() {
    SplittableRandom random = new SplittableRandom(3);
    for (int trial = 0; trial < 200; trial++) {
      double[] numbers = numbers(random, 32, Math.exp(random.nextGaussian() * 20));
      assertAsSearched(BlockScaled.MXFP4, numbers, E8M0, E2M1, 1, 32);
      assertAsSearched(BlockScaled.MXFP8, numbers, E8M0, E4M3, 1, 32);
    }
  }

  /** The largest of a block on, just below and just above what each scale just holds. */
  @Test
  void theScaleIsTheSmallestInWhichNothingSaturates() {
    for (int code = 1; code + 1 < E4M3.length; code++) {
      double largest = 6 * (double) TENSOR_SCALE * E4M3[code];
      assertEquals(code, scaleOf(BlockScaled.nvfp4(TENSOR_SCALE), largest, 16));
      assertEquals(code, scaleOf(BlockScaled.nvfp4(TENSOR_SCALE), Math.nextDown(largest), 16));
      assertEquals(code + 1, scaleOf(BlockScaled.nvfp4(TENSOR_SCALE), Math.nextUp(largest), 16));
    }
    for (int code = 0; code + 1 < E8M0.length; code++) {
      for (BlockScaled format : new BlockScaled[] {BlockScaled.MXFP4, BlockScaled.MXFP8}) {
        double largest = (format == BlockScaled.MXFP4 ? 6 : 448) * E8M0[code];
        assertEquals(code, scaleOf(format, largest, 32));
        assertEquals(code + 1, scaleOf(format, Math.nextUp(largest), 32));
      }
    }
  }

  @Test
  void beyondTheLargestScaleNumbersSaturateAndAreCounted() {
    double limit = 448 * 6 * (double) TENSOR_SCALE;
    double[] numbers = new double[16];
    numbers[0] = Math.nextUp(limit);
    numbers[1] = -3 * limit;
    numbers[2] = limit;
    Quantized nvfp4 = BlockScaled.nvfp4(TENSOR_SCALE).encode(numbers);
    assertEquals(2, nvfp4.saturated());
    assertEquals(0x7e, nvfp4.bytes()[8]);
    double[] read = BlockScaled.nvfp4(TENSOR_SCALE).decode(nvfp4.bytes(), 16);
    assertArrayEquals(new double[] {limit, -limit, limit, 0}, Arrays.copyOf(read, 4));

    double[] huge = new double[32];
    huge[31] = 1e300;
    for (BlockScaled format : new BlockScaled[] {BlockScaled.MXFP4, BlockScaled.MXFP8}) {
      Quantized quantized = format.encode(huge);
      assertEquals(1, quantized.saturated());
      assertEquals((byte) 0xfe, quantized.bytes()[quantized.bytes().length - 1]);
    }
  }

  @Test
  void belowTheSmallestScaleNumbersBecomeSmallElementsAndZeros() {
    double smallest = 0x1p-9 * TENSOR_SCALE;
    double[] numbers = new double[16];
    numbers[0] = 0.5 * smallest;
    numbers[1] = 0.25 * smallest;
    numbers[2] = -0.26 * smallest;
    numbers[3] = Double.MIN_VALUE;
    BlockScaled format = BlockScaled.nvfp4(TENSOR_SCALE);
    Quantized quantized = format.encode(numbers);
    assertEquals(1, quantized.bytes()[8]);
    assertEquals(0, quantized.saturated());
    double[] expected = {0.5 * smallest, 0, -0.5 * smallest, 0};
    assertArrayEquals(expected, Arrays.copyOf(format.decode(quantized.bytes(), 16), 4));

    double[] tiny = new double[32];
    tiny[5] = 0x1p-128;
    Quantized mxfp4 = BlockScaled.MXFP4.encode(tiny);
    assertEquals(0, mxfp4.bytes()[16]);
    assertEquals(0x1p-128, BlockScaled.MXFP4.decode(mxfp4.bytes(), 32)[5]);
  }

  @Test
  void aNumberBelowWhatAQuotientCanBeIsNoZeroScale() {
    double[] numbers = new double[576];
    Arrays.fill(numbers, Double.MIN_VALUE);
    byte[] nvfp4 = BlockScaled.nvfp4(3e30f).encode(Arrays.copyOf(numbers, 16)).bytes();
    assertEquals(1, nvfp4[8]);
    byte[] entry = new MlaEntry().encode(numbers).bytes();
    assertArrayEquals(new byte[] {1, 0, 0, 0}, Arrays.copyOfRange(entry, 512, 516));
    assertArrayEquals(new double[576], new MlaEntry().decode(entry, 576));
  }

  @Test
  void aBlockOfZerosHasTheScaleOne() {
    double[] zeros = new double[32];
    zeros[1] = -0.0;
    byte[] nvfp4 = BlockScaled.nvfp4(TENSOR_SCALE).encode(zeros).bytes();
    assertArrayEquals(new byte[] {(byte) 0x80, 0, 0}, Arrays.copyOf(nvfp4, 3));
    assertArrayEquals(new byte[] {0x38, 0x38}, Arrays.copyOfRange(nvfp4, 16, 18));
    assertEquals(127, BlockScaled.MXFP4.encode(zeros).bytes()[16]);
    byte[] mxfp8 = BlockScaled.MXFP8.encode(zeros).bytes();
    assertEquals(33, mxfp8.length);
    assertEquals(127, mxfp8[32]);
    assertEquals((byte) 0x80, mxfp8[1]);
  }

  /** Written out: codes 1 to 7 and their negatives, the even index in the low half. */
  @Test
  void aBlockOfNvfp4StandsInMemoryAsItsDefinitionHasIt() {
    double[] numbers = {0, .5, 1, 1.5, 2, 3, 4, 6, -0.0, -.5, -1, -1.5, -2, -3, -4, -6};
    byte[] expected = {0x10, 0x32, 0x54, 0x76, (byte) 0x98, (byte) 0xba, (byte) 0xdc, (byte) 0xfe};
    BlockScaled format = BlockScaled.nvfp4(1);
    byte[] bytes = format.encode(numbers).bytes();
    assertArrayEquals(expected, Arrays.copyOf(bytes, 8));
    assertEquals(0x38, bytes[8]);
    assertEquals(9, bytes.length);
    assertArrayEquals(numbers, format.decode(bytes, 16));
  }

  @Test
  void aScaleThatIsNanMakesItsBlockNan() {
    byte[] mxfp8 = new byte[66];
    Arrays.fill(mxfp8, (byte) 0x38);
    mxfp8[64] = (byte) 0xff;
    mxfp8[65] = 127;
    double[] numbers = BlockScaled.MXFP8.decode(mxfp8, 64);
    assertTrue(Arrays.stream(numbers, 0, 32).allMatch(Double::isNaN));
    assertTrue(Arrays.stream(numbers, 32, 64).allMatch(number -> number == 1));
    byte[] nvfp4 = new byte[9];
    nvfp4[8] = 0x7f;
    assertTrue(Arrays.stream(BlockScaled.nvfp4(1).decode(nvfp4, 16)).allMatch(Double::isNaN));
  }

  @Test
  void aNanIsKeptWhereTheElementHasOneAndRefusedWhereItHasNone() {
    double[] numbers = new double[32];
    numbers[3] = Double.NaN;
    numbers[4] = 448;
    double[] read = BlockScaled.MXFP8.decode(BlockScaled.MXFP8.encode(numbers).bytes(), 32);
    assertTrue(Double.isNaN(read[3]));
    assertEquals(448, read[4]);
    assertThrows(IllegalArgumentException.class, () -> BlockScaled.MXFP4.encode(numbers));
    assertThrows(IllegalArgumentException.class, () -> BlockScaled.nvfp4(1).encode(numbers));
  }

  @Test
  void anEntryOfLatentAttentionHasItsPartsInTheirPlaces() {
    SplittableRandom random = new SplittableRandom(4);
    double[] numbers = numbers(random, 576, 3);
    Arrays.fill(numbers, 256, 384, 0);
    MlaEntry format = new MlaEntry();
    Quantized quantized = format.encode(numbers);
    assertEquals(656, quantized.bytes().length);
    assertEquals(0, quantized.saturated());
    ByteBuffer bytes = ByteBuffer.wrap(quantized.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    double[] read = format.decode(quantized.bytes(), 576);
    double[] table = CodeTable.of("e4m3");
    for (int block = 0; block < 4; block++) {
      float scale = bytes.getFloat(512 + 4 * block);
      double largest = 0;
      for (int i = 128 * block; i < 128 * block + 128; i++) {
        largest = Math.max(largest, Math.abs(numbers[i]));
        assertEquals(table[bytes.get(i) & 0xff] * scale, read[i]);
        assertNearest(numbers[i], read[i], E4M3, scale);
      }
      // The smallest FP32 in which the largest does not saturate; both products are exact.
      boolean smallest = 448.0 * scale >= largest && 448.0 * Math.nextDown(scale) < largest;
      assertTrue(block == 2 ? scale == 1 : smallest, "scale " + scale);
    }
    for (int i = 512; i < 576; i++) {
      float rope = Float.intBitsToFloat(bytes.getShort(528 + 2 * (i - 512)) << 16);
      assertEquals((double) rope, read[i]);
      assertEquals(
          FloatFormat.BF16.encode(numbers[i]), bytes.getShort(528 + 2 * (i - 512)) & 0xffff);
    }
  }

  @Test
  void anEntryCountsWhatIsBeyondBothOfItsFormats() {
    double[] numbers = new double[576];
    numbers[0] = 1e300;
    numbers[575] = 1e39;
    Quantized quantized = new MlaEntry().encode(numbers);
    assertEquals(2, quantized.saturated());
    double[] read = new MlaEntry().decode(quantized.bytes(), 576);
    assertEquals(448.0 * Float.MAX_VALUE, read[0]);
    assertEquals(Double.POSITIVE_INFINITY, read[575]);
  }

  @Test
  void sizesAndScalesThatCannotBeAreRefused() {
    assertRefused(
        "NVFP4: expected a number of elements that blocks of 16 divide, got 24",
        () -> BlockScaled.nvfp4(1).encode(new double[24]));
    assertRefused(
        "MXFP8: expected a number of elements that blocks of 32 divide, got 48",
        () -> BlockScaled.MXFP8.bytes(48));
    assertRefused(
        "MXFP4: expected 17 bytes, got 16", () -> BlockScaled.MXFP4.decode(new byte[16], 32));
    assertRefused(
        "an entry of latent attention: expected 512 + 64 numbers, got 512",
        () -> new MlaEntry().encode(new double[512]));
    assertRefused("FP8: expected e4m3 or e5m2, got bf16", () -> new ScaledFp8(FloatFormat.BF16, 1));
    for (float scale : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertRefused(
          "FP8: expected a positive finite scale, got " + scale,
          () -> new ScaledFp8(FloatFormat.E4M3, scale));
      assertRefused(
          "NVFP4: expected a positive finite scale of the tensor, got " + scale,
          () -> BlockScaled.nvfp4(scale));
    }
  }

  private static void assertRefused(String message, Runnable what) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, what::run).getMessage());
  }

  private static int scaleOf(BlockScaled format, double largest, int block) {
    double[] numbers = new double[block];
    numbers[block - 1] = -largest;
    Quantized quantized = format.encode(numbers);
    assertEquals(0, quantized.saturated());
    return quantized.bytes()[quantized.bytes().length - 1] & 0xff;
  }

  /** Numbers about {@code size}, some of them zeros, of any sign. */
  private static double[] numbers(SplittableRandom random, int count, double size) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextInt(8) == 0 ? 0 : random.nextGaussian() * size;
    }
    numbers[random.nextInt(count)] = size;
    return numbers;
  }

  private static void assertAsSearched(
      BlockScaled format,
      double[] numbers,
      double[] scales,
      double[] elements,
      double tensorScale,
      int block) {
    Quantized quantized = format.encode(numbers);
    double largest = Arrays.stream(numbers).map(Math::abs).max().orElseThrow();
    double most = elements[elements.length - 1];
    int scale = scales == E4M3 ? 1 : 0;
    while (scale + 1 < scales.length
        && product(most, scales[scale], tensorScale).compareTo(new BigDecimal(largest)) < 0) {
      scale++;
    }
    assertEquals(scale, quantized.bytes()[quantized.bytes().length - 1] & 0xff);
    double whole = scales[scale] * tensorScale;
    double[] read = format.decode(quantized.bytes(), block);
    int saturated = 0;
    for (int i = 0; i < block; i++) {
      assertNearest(numbers[i], read[i], elements, whole);
      saturated += Math.abs(numbers[i]) > most * whole ? 1 : 0;
    }
    assertEquals(saturated, quantized.saturated());
  }

  /** Compares distances as exact decimals; an element's place in the table tells an even one. */
  private static void assertNearest(double number, double read, double[] elements, double scale) {
    BigDecimal wanted = new BigDecimal(Math.abs(number));
    int best = 0;
    for (int code = 1; code < elements.length; code++) {
      int closer =
          product(elements[code], scale, 1)
              .subtract(wanted)
              .abs()
              .compareTo(product(elements[best], scale, 1).subtract(wanted).abs());
      if (closer < 0 || (closer == 0 && code % 2 == 0)) {
        best = code;
      }
    }
    assertEquals(Math.copySign(elements[best] * scale, number), read, "of " + number);
  }

  private static BigDecimal product(double a, double b, double c) {
    return new BigDecimal(a).multiply(new BigDecimal(b)).multiply(new BigDecimal(c));
  }
}
