package dev.helix.tensor.formats;

/**
 * Formats that store elements in blocks along the innermost axis, with a scale of 8 bits for each
 * block: NVFP4, MXFP4 and MXFP8. The elements come first, and the scales of the blocks follow in
 * order. Two FP4 elements are in a byte, the one with the even index in its low half.
 */
public final class BlockScaled implements BlockFormat {
  /** How many numbers share a scale in NVFP4. */
  private static final int NVFP4_BLOCK = 16;

  /**
   * How many numbers share a scale in the microscaling formats (OCP Microscaling Formats 1.0,
   * §5.1).
   */
  private static final int MICROSCALING_BLOCK = 32;

  /** E2M1 in blocks of 32 with E8M0 scales (OCP Microscaling Formats 1.0, §5). */
  public static final BlockScaled MXFP4 =
      new BlockScaled("MXFP4", FloatFormat.E2M1, MICROSCALING_BLOCK, Scale.E8M0, 1);

  /** E4M3 in blocks of 32 with E8M0 scales (OCP Microscaling Formats 1.0, §5). */
  public static final BlockScaled MXFP8 =
      new BlockScaled("MXFP8", FloatFormat.E4M3, MICROSCALING_BLOCK, Scale.E8M0, 1);

  private final String name;
  private final FloatFormat element;
  private final int block;
  private final Scale scale;
  private final double tensorScale;

  private BlockScaled(
      String name, FloatFormat element, int block, Scale scale, double tensorScale) {
    this.name = name;
    this.element = element;
    this.block = block;
    this.scale = scale;
    this.tensorScale = tensorScale;
  }

  /** The format of the scales of blocks. */
  private enum Scale {
    E4M3 {
      @Override
      double decode(long code) {
        return FloatFormat.E4M3.decode(code);
      }

      @Override
      long encodeUp(double value) {
        return FloatFormat.E4M3.encodeUp(value);
      }
    },
    E8M0 {
      @Override
      double decode(long code) {
        return E8m0.decode((int) code);
      }

      @Override
      long encodeUp(double value) {
        return E8m0.encodeUp(value);
      }
    };

    abstract double decode(long code);

    abstract long encodeUp(double value);
  }

  /**
   * NVIDIA's FP4: E2M1 in blocks of 16 with E4M3 scales, and one scale in FP32 for the tensor. A
   * number is element · block scale · tensor scale.
   *
   * @param tensorScale a positive and finite constant: that of the checkpoint, or 1 if it has none
   */
  public static BlockScaled nvfp4(float tensorScale) {
    if (!(tensorScale > 0 && tensorScale < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "NVFP4: expected a positive finite scale of the tensor, got " + tensorScale);
    }
    return new BlockScaled("NVFP4", FloatFormat.E2M1, NVFP4_BLOCK, Scale.E4M3, tensorScale);
  }

  @Override
  public int bytes(int size) {
    return elementBytes(size) + ScaledElements.requireBlocks(name, size, block);
  }

  @Override
  public Quantized encode(double[] numbers) {
    byte[] bytes = new byte[bytes(numbers.length)];
    int scales = elementBytes(numbers.length);
    int saturated = 0;
    for (int from = 0; from < numbers.length; from += block) {
      long code = scaleOf(ScaledElements.largestMagnitude(numbers, from, from + block));
      double whole = scale.decode(code) * tensorScale;
      bytes[scales + from / block] = (byte) code;
      for (int i = from; i < from + block; i++) {
        ScaledElements.put(element, bytes, i, ScaledElements.nearest(element, numbers[i], whole));
      }
      saturated += ScaledElements.beyond(element.largest() * whole, numbers, from, from + block);
    }
    return new Quantized(bytes, saturated);
  }

  @Override
  public double[] decode(byte[] bytes, int size) {
    ScaledElements.requireBytes(name, bytes, bytes(size));
    double[] numbers = new double[size];
    int scales = elementBytes(size);
    for (int i = 0; i < size; i++) {
      double whole = scale.decode(bytes[scales + i / block]) * tensorScale;
      numbers[i] = element.decode(ScaledElements.get(element, bytes, i)) * whole;
    }
    return numbers;
  }

  /**
   * The code of the scale: 1 for a block of zeros, otherwise the smallest scale in which nothing
   * saturates.
   */
  private long scaleOf(double largestMagnitude) {
    double largest = element.largest() * tensorScale;
    return scale.encodeUp(
        largestMagnitude == 0 ? 1 : ScaledElements.leastScale(largestMagnitude, largest));
  }

  private int elementBytes(int size) {
    return size * element.bits() / Byte.SIZE;
  }

  @Override
  public String toString() {
    return name;
  }
}
