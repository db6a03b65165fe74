package dev.helix.tensor.scalar;

import java.nio.ByteBuffer;

/**
 * What arithmetics share whose numbers are doubles. In {@link #compare} NaN is greater than
 * everything else, so that a maximum cannot hide it.
 */
abstract class DoubleArithmetic implements Arithmetic<Double> {
  @Override
  public Double of(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("expected a finite number, got " + value);
    }
    return value;
  }

  @Override
  public final Double zero() {
    return 0.0;
  }

  @Override
  public final Double negate(Double a) {
    return -a;
  }

  @Override
  public int compare(Double a, Double b) {
    return Double.compare(a, b);
  }

  @Override
  public final double toDouble(Double a) {
    return a;
  }

  @Override
  public final byte[] encode(Double a) {
    return ByteBuffer.allocate(Double.BYTES).putDouble(a).array();
  }

  @Override
  public final Double decode(byte[] bytes) {
    if (bytes.length != Double.BYTES) {
      throw new IllegalArgumentException(
          "a double of %d bytes, expected %d".formatted(bytes.length, Double.BYTES));
    }
    return ByteBuffer.wrap(bytes).getDouble();
  }
}
