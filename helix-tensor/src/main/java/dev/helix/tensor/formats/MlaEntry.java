package dev.helix.tensor.formats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The format of one token's entry in DeepSeek's FP8 cache of latent attention. It has 656 bytes:
 * 512 numbers of the latent in E4M3, then 4 scales in FP32, one for each 128 of them, then 64
 * numbers of the rotary key in BF16. All are little-endian. A number of the latent is element ·
 * scale.
 *
 * <p>FlashMLA's reference rounds a scale up to a power of two, and vLLM does not. Here it is
 * rounded up to FP32, by the rule of this package.
 */
public final class MlaEntry implements BlockFormat {
  /** How many numbers the latent has. */
  public static final int LATENT = 512;

  /** How many numbers the rotary key has, which follow those of the latent. */
  public static final int ROPE = 64;

  /** How many numbers of the latent share a scale. */
  private static final int BLOCK = 128;

  /** How many numbers an entry has. */
  public static final int SIZE = LATENT + ROPE;

  /** How many bytes an entry has. */
  public static final int BYTES = LATENT + LATENT / BLOCK * Float.BYTES + 2 * ROPE;

  @Override
  public int bytes(int size) {
    if (size != SIZE) {
      throw new IllegalArgumentException(
          "an entry of latent attention: expected %d + %d numbers, got %d"
              .formatted(LATENT, ROPE, size));
    }
    return BYTES;
  }

  @Override
  public Quantized encode(double[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(bytes(numbers.length)).order(ByteOrder.LITTLE_ENDIAN);
    int saturated = 0;
    for (int from = 0; from < LATENT; from += BLOCK) {
      double scale = scaleOf(ScaledElements.largestMagnitude(numbers, from, from + BLOCK));
      bytes.putFloat(LATENT + from / BLOCK * Float.BYTES, (float) scale);
      for (int i = from; i < from + BLOCK; i++) {
        bytes.put(i, (byte) ScaledElements.nearest(FloatFormat.E4M3, numbers[i], scale));
      }
      double limit = FloatFormat.E4M3.largest() * scale;
      saturated += ScaledElements.beyond(limit, numbers, from, from + BLOCK);
    }
    for (int i = LATENT; i < SIZE; i++) {
      bytes.putShort(ropeAt(i), (short) FloatFormat.BF16.encode(numbers[i]));
    }
    saturated += ScaledElements.beyond(FloatFormat.BF16.largest(), numbers, LATENT, SIZE);
    return new Quantized(bytes.array(), saturated);
  }

  @Override
  public double[] decode(byte[] bytes, int size) {
    ScaledElements.requireBytes("an entry of latent attention", bytes, bytes(size));
    ByteBuffer entry = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    double[] numbers = new double[SIZE];
    for (int i = 0; i < LATENT; i++) {
      float scale = entry.getFloat(LATENT + i / BLOCK * Float.BYTES);
      numbers[i] = FloatFormat.E4M3.decode(bytes[i]) * scale;
    }
    for (int i = LATENT; i < SIZE; i++) {
      numbers[i] = FloatFormat.BF16.decode(entry.getShort(ropeAt(i)));
    }
    return numbers;
  }

  private static int ropeAt(int index) {
    return BYTES - 2 * (SIZE - index);
  }

  private static double scaleOf(double largestMagnitude) {
    double least = ScaledElements.leastScale(largestMagnitude, FloatFormat.E4M3.largest());
    return largestMagnitude == 0 ? 1 : FloatFormat.F32.decode(FloatFormat.F32.encodeUp(least));
  }
}
