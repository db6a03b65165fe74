package dev.helix.tensor.formats;

/**
 * Numbers in a format without scales, little-endian.
 *
 * @param element BF16 or F16
 */
public record PlainNumbers(FloatFormat element) implements BlockFormat {
  private static final int BYTES = 2;

  public PlainNumbers {
    if (element != FloatFormat.BF16 && element != FloatFormat.F16) {
      throw new IllegalArgumentException(
          "numbers without scales: expected bf16 or f16, got " + element);
    }
  }

  @Override
  public int bytes(int size) {
    return BYTES * ScaledElements.requireBlocks(element.toString(), size, 1);
  }

  @Override
  public Quantized encode(double[] numbers) {
    byte[] bytes = new byte[bytes(numbers.length)];
    for (int i = 0; i < numbers.length; i++) {
      long code = element.encode(numbers[i]);
      bytes[BYTES * i] = (byte) code;
      bytes[BYTES * i + 1] = (byte) (code >> Byte.SIZE);
    }
    return new Quantized(
        bytes, ScaledElements.beyond(element.largest(), numbers, 0, numbers.length));
  }

  @Override
  public double[] decode(byte[] bytes, int size) {
    ScaledElements.requireBytes(element.toString(), bytes, bytes(size));
    double[] numbers = new double[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = element.decode((bytes[BYTES * i] & 0xff) | ((bytes[BYTES * i + 1] & 0xff) << 8));
    }
    return numbers;
  }
}
