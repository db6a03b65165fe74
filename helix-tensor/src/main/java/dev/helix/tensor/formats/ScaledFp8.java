package dev.helix.tensor.formats;

/**
 * FP8 with one scale for a whole tensor or head. A number is element · scale. The scale is a
 * constant and not stored in the bytes.
 *
 * @param element E4M3 or E5M2
 * @param scale positive and finite; 1 if a checkpoint has none
 */
public record ScaledFp8(FloatFormat element, float scale) implements BlockFormat {
  public ScaledFp8 {
    if (element != FloatFormat.E4M3 && element != FloatFormat.E5M2) {
      throw new IllegalArgumentException("FP8: expected e4m3 or e5m2, got " + element);
    }
    if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("FP8: expected a positive finite scale, got " + scale);
    }
  }

  @Override
  public int bytes(int size) {
    return ScaledElements.requireBlocks("FP8", size, 1);
  }

  @Override
  public Quantized encode(double[] numbers) {
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      bytes[i] = (byte) ScaledElements.nearest(element, numbers[i], scale);
    }
    double limit = element.largest() * scale;
    return new Quantized(bytes, ScaledElements.beyond(limit, numbers, 0, numbers.length));
  }

  @Override
  public double[] decode(byte[] bytes, int size) {
    ScaledElements.requireBytes("FP8", bytes, bytes(size));
    double[] numbers = new double[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = element.decode(bytes[i]) * scale;
    }
    return numbers;
  }
}
