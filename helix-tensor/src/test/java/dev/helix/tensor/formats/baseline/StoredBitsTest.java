package dev.helix.tensor.formats.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.formats.BlockFormat;
import dev.helix.tensor.formats.BlockScaled;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.formats.FloatFormat;
import dev.helix.tensor.formats.MlaEntry;
import dev.helix.tensor.formats.PlainNumbers;
import dev.helix.tensor.formats.ScaledFp8;
import dev.helix.tensor.formats.definition.CacheFormatDefinition;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three programs that were written apart say the same of each format: the codec, which packs bits;
 * the definition, which computes; and the baseline, which looks up tables.
 */
final class StoredBitsTest {
  private static final float[] SCALES = {1, 0x1p-6f, 0x1.9p35f};

  private static BlockFormat codec(CacheFormat format, float scale) {
    return switch (format) {
      case FP64 -> throw new IllegalArgumentException();
      case BF16 -> new PlainNumbers(FloatFormat.BF16);
      case FP8 -> new ScaledFp8(FloatFormat.E4M3, scale);
      case FP8_DS_MLA -> new MlaEntry();
      case MXFP8 -> BlockScaled.MXFP8;
      case NVFP4 -> BlockScaled.nvfp4(scale);
      case MXFP4 -> BlockScaled.MXFP4;
    };
  }

  private static int size(CacheFormat format) {
    return format == CacheFormat.FP8_DS_MLA ? MlaEntry.SIZE : 64;
  }

  /** Numbers of all sizes, zeros, numbers of few bits, and whole blocks of zeros. */
  private static double[] numbers(SplittableRandom random, int size) {
    double[] numbers = new double[size];
    double spread = Math.exp(random.nextGaussian() * 12);
    for (int i = 0; i < size; i++) {
      double number = random.nextGaussian() * spread;
      int kind = random.nextInt(8);
      numbers[i] =
          switch (kind) {
            case 0 -> 0;
            case 1 -> -0.0;
            case 2 -> FloatFormat.BF16.decode(FloatFormat.BF16.encode(number));
            case 3 -> Math.scalb(1 + random.nextInt(32) / 32.0, Math.getExponent(number));
            default -> number;
          };
    }
    if (random.nextInt(4) == 0) {
      java.util.Arrays.fill(numbers, 0, size / 2, 0);
    }
    return numbers;
  }

  @ParameterizedTest
  @EnumSource(names = "FP64", mode = EnumSource.Mode.EXCLUDE)
  void codecDefinitionAndBaselineAgree(CacheFormat format) {
    SplittableRandom random = new SplittableRandom(15);
    for (int trial = 0; trial < 300; trial++) {
      float scale = SCALES[trial % SCALES.length];
      double[] numbers = numbers(random, size(format));
      BlockFormat codec = codec(format, scale);
      byte[] bytes = codec.encode(numbers).bytes();
      double[] read = codec.decode(bytes, numbers.length);
      assertArrayEquals(new CacheFormatDefinition(format, scale).stored(numbers), read);
      StoredBits bits = StoredBits.of(format, scale, numbers.length);
      assertArrayEquals(read, bits.numbers(bytes));
      assertEquals(
          java.util.Optional.empty(),
          bits.contradiction(bytes, numbers, new double[numbers.length]));
    }
  }

  /** Beyond the largest number BF16 has infinities, and all other formats saturate. */
  @ParameterizedTest
  @EnumSource(names = "FP64", mode = EnumSource.Mode.EXCLUDE)
  void codecDefinitionAndBaselineAgreeBeyondTheLargestNumber(CacheFormat format) {
    double[] large = {0x1.fep127, 0x1.fefffp127, 0x1.ff001p127, 1e39, 8e301, 1 / 0.0, 1};
    double[] numbers = new double[size(format)];
    for (int first = 0; first < large.length; first++) {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (i % 2 == 0 ? 1 : -1) * large[(first + i / 16) % large.length];
      }
      BlockFormat codec = codec(format, 1);
      byte[] bytes = codec.encode(numbers).bytes();
      double[] read = codec.decode(bytes, numbers.length);
      assertArrayEquals(new CacheFormatDefinition(format, 1).stored(numbers), read);
      StoredBits bits = StoredBits.of(format, 1, numbers.length);
      assertArrayEquals(read, bits.numbers(bytes));
      assertEquals(
          java.util.Optional.empty(),
          bits.contradiction(bytes, numbers, new double[numbers.length]));
    }
  }

  @Test
  void inBf16ALargestNumberInPlaceOfAnInfinityIsWrong() {
    StoredBits bits = StoredBits.of(CacheFormat.BF16, 1, 1);
    double[] exact = new double[1];
    byte[] largest = {0x7f, 0x7f};
    byte[] infinity = {(byte) 0x80, 0x7f};
    byte[] nan = {(byte) 0x81, 0x7f};
    assertTrue(bits.contradiction(largest, new double[] {1e39}, exact).isPresent());
    assertTrue(bits.contradiction(infinity, new double[] {3.3e38}, exact).isPresent());
    assertTrue(bits.contradiction(nan, new double[] {1e39}, exact).isPresent());
    assertTrue(bits.contradiction(infinity, new double[] {1e39}, exact).isEmpty());
    assertTrue(bits.contradiction(largest, new double[] {0x1.fep127}, exact).isEmpty());
  }

  /** A code beside the right one is right only if the bound reaches over the midpoint. */
  @ParameterizedTest
  @EnumSource(names = "FP64", mode = EnumSource.Mode.EXCLUDE)
  void anElementBesideTheNearestIsWrong(CacheFormat format) {
    SplittableRandom random = new SplittableRandom(16);
    for (int trial = 0; trial < 100; trial++) {
      double[] numbers = new double[size(format)];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (0.5 + random.nextDouble()) * (random.nextBoolean() ? 1 : -1);
      }
      numbers[0] = 0.6; // It is not the largest, so that no neighbour of its code is a NaN.
      byte[] bytes = codec(format, 1).encode(numbers).bytes();
      // The first element is in the lowest bits of the first byte in all formats.
      bytes[0] ^= 1;
      double[] bounds = new double[numbers.length];
      StoredBits bits = StoredBits.of(format, 1, numbers.length);
      assertTrue(bits.contradiction(bytes, numbers, bounds).isPresent());
      bounds[0] = 10;
      java.util.Arrays.fill(bounds, 1, bounds.length, 0);
      assertFalse(
          bits.contradiction(bytes, numbers, bounds)
              .filter(why -> why.startsWith("component 0 "))
              .isPresent());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NVFP4", "MXFP4", "MXFP8", "FP8_DS_MLA"})
  void aScaleBesideTheRuleIsWrong(CacheFormat format) {
    SplittableRandom random = new SplittableRandom(17);
    double[] bounds = new double[size(format)];
    for (int trial = 0; trial < 100; trial++) {
      double[] numbers = new double[size(format)];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = random.nextGaussian();
      }
      byte[] bytes = codec(format, 1).encode(numbers).bytes();
      int scale =
          switch (format) {
            case NVFP4, MXFP4 -> 32;
            case MXFP8 -> 64;
            default -> 512;
          };
      for (int step : new int[] {-1, 1}) {
        byte[] other = bytes.clone();
        other[scale] += (byte) step;
        assertTrue(
            StoredBits.of(format, 1, numbers.length)
                .contradiction(other, numbers, bounds)
                .filter(why -> why.startsWith("the scale of the block from component 0 on"))
                .isPresent(),
            () -> "%s, a scale off by %d".formatted(format, step));
      }
    }
  }

  @Test
  void aBlockOfNothingMayHaveTheScaleOfNothingOrOfWhatTheBoundAllows() {
    StoredBits bits = StoredBits.of(CacheFormat.MXFP8, 1, 32);
    byte[] one = codec(CacheFormat.MXFP8, 1).encode(new double[32]).bytes();
    double[] bounds = new double[32];
    assertTrue(bits.contradiction(one, new double[32], bounds).isEmpty());
    byte[] small = one.clone();
    small[32] = 1;
    assertTrue(bits.contradiction(small, new double[32], bounds).isPresent());
    bounds[7] = 1;
    assertTrue(bits.contradiction(small, new double[32], bounds).isEmpty());
  }

  @Test
  void bytesThatAreMissingOrNoNumbersAreWrong() {
    StoredBits bits = StoredBits.of(CacheFormat.FP8, 1, 2);
    double[] zeros = new double[2];
    assertEquals(
        "expected 2 bytes, got 1", bits.contradiction(new byte[1], zeros, zeros).orElseThrow());
    assertTrue(
        bits.contradiction(new byte[] {0x7f, 0}, zeros, new double[] {1e300, 1e300}).isPresent());
  }
}
