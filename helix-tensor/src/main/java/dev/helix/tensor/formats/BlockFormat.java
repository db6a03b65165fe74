package dev.helix.tensor.formats;

/**
 * A format that stores the numbers of one token and one head with the scales that they share. The
 * documentation of the package has the rule by which numbers are quantised.
 */
public interface BlockFormat {
  /**
   * Number of bytes that store {@code size} numbers, scales included.
   *
   * @throws IllegalArgumentException if a block does not divide {@code size}
   */
  int bytes(int size);

  /**
   * Quantises numbers.
   *
   * @param numbers those of one token and one head
   * @throws IllegalArgumentException if a block does not divide their number, or one is a NaN and
   *     the element format has none
   */
  Quantized encode(double[] numbers);

  /**
   * The {@code size} numbers that {@code bytes} store, each exactly the element times its scales.
   * All numbers of a block whose scale is a NaN are NaNs.
   *
   * @throws IllegalArgumentException if there are not {@link #bytes}{@code (size)} bytes
   */
  double[] decode(byte[] bytes, int size);

  /** Numbers as this format stores them, and how many of them it could not hold. */
  final class Quantized {
    private final byte[] bytes;
    private final int saturated;

    /**
     * Takes numbers as they are stored.
     *
     * @param bytes the elements and scales; not copied
     * @param saturated how many of the numbers were beyond the largest element times its scale
     */
    public Quantized(byte[] bytes, int saturated) {
      this.bytes = bytes;
      this.saturated = saturated;
    }

    /** The elements and scales, as the format lays them out. */
    public byte[] bytes() {
      return bytes;
    }

    /** How many of the numbers were beyond the largest element times its scale. */
    public int saturated() {
      return saturated;
    }
  }
}
