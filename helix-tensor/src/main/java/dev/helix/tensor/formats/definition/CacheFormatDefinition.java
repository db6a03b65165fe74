package dev.helix.tensor.formats.definition;

import dev.helix.tensor.formats.CacheFormat;
import java.util.function.DoubleUnaryOperator;

/**
 * Defines what a reader of a quantised KV cache gets in place of the numbers of one token and one
 * head.
 *
 * <pre>
 * s = ⌈max |x| / m⌉          for each block: in the scale's format, rounded up; 1 if all are 0;
 *                            m is the largest element, times the scale of the tensor
 * x ↦ nearest(x / s·t)·s·t   to the nearest element; t is the scale of the tensor, or 1
 * </pre>
 *
 * <p>Elements and scales have few bits. So s·t and all products are exact, and a quotient that is
 * rounded to a double is on the same side of every midpoint as the quotient itself: between a
 * midpoint times s·t and a double beside it lies more than half of the spacing of quotients.
 */
public final class CacheFormatDefinition {
  private static final int LATENT = 512;

  private final CacheFormat format;
  private final double tensorScale;

  /**
   * Defines a format.
   *
   * @param tensorScale the constant scale of the tensor, or of the head, in FP32; formats that have
   *     none do not read it
   */
  public CacheFormatDefinition(CacheFormat format, float tensorScale) {
    this.format = format;
    this.tensorScale = tensorScale;
  }

  /**
   * Returns what a reader gets in place of {@code numbers}, which are those of one token and one
   * head.
   */
  public double[] stored(double[] numbers) {
    double[] stored = numbers.clone();
    switch (format) {
      case FP64 -> {}
      case BF16 -> plain(stored, 0);
      case FP8 -> scaled(stored, 0, stored.length, Grid.E4M3, tensorScale);
      case MXFP8 -> blocks(stored, 32, Grid.E4M3, 1, CacheFormatDefinition::powerNotBelow);
      case MXFP4 -> blocks(stored, 32, Grid.E2M1, 1, CacheFormatDefinition::powerNotBelow);
      case NVFP4 -> blocks(stored, 16, Grid.E2M1, tensorScale, Grid.E4M3::notBelow);
      case FP8_DS_MLA -> {
        double[] latent = java.util.Arrays.copyOf(stored, LATENT);
        blocks(latent, 128, Grid.E4M3, 1, Grid.F32::notBelow);
        System.arraycopy(latent, 0, stored, 0, LATENT);
        plain(stored, LATENT);
      }
    }
    return stored;
  }

  private static void plain(double[] numbers, int from) {
    for (int i = from; i < numbers.length; i++) {
      double nearest = Grid.BF16.nearest(numbers[i]);
      // BF16 has infinities: what would round to a number beyond the largest is one.
      boolean tooLarge = Math.abs(numbers[i]) >= 0x1.ffp127;
      numbers[i] = tooLarge ? Math.copySign(Double.POSITIVE_INFINITY, nearest) : nearest;
    }
  }

  private static void scaled(double[] numbers, int from, int to, Grid element, double scale) {
    for (int i = from; i < to; i++) {
      numbers[i] = element.nearest(numbers[i] / scale) * scale;
    }
  }

  private static void blocks(
      double[] numbers, int size, Grid element, double tensorScale, DoubleUnaryOperator notBelow) {
    for (int from = 0; from < numbers.length; from += size) {
      double most = 0;
      for (int i = from; i < from + size; i++) {
        most = Math.max(most, Math.abs(numbers[i]));
      }
      double least = Math.max(most / (element.largest() * tensorScale), Double.MIN_VALUE);
      double scale = notBelow.applyAsDouble(most == 0 ? 1 : least);
      scaled(numbers, from, from + size, element, scale * tensorScale);
    }
  }

  /** The smallest scale of E8M0, a power of two from 2⁻¹²⁷ to 2¹²⁷, that is not below x. */
  private static double powerNotBelow(double x) {
    double power = 0x1p-127;
    while (power < x && power < 0x1p127) {
      power *= 2;
    }
    return power;
  }
}
