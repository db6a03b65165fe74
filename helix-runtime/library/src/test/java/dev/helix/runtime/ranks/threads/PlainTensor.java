package dev.helix.runtime.ranks.threads;

import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;

/** The smallest reading's tensor: doubles, row-major. */
final class PlainTensor implements Tensor {
  private final Spec spec;
  private final int owner;
  private final double[] values;

  PlainTensor(Spec spec, int owner, double... values) {
    if (values.length != spec.elements()) {
      throw new IllegalArgumentException(spec + " does not have " + values.length + " elements");
    }
    this.spec = spec;
    this.owner = owner;
    this.values = values.clone();
  }

  @Override
  public Spec spec() {
    return spec;
  }

  @Override
  public int owner() {
    return owner;
  }

  double value(int index) {
    return values[index];
  }

  double[] values() {
    return values.clone();
  }

  /**
   * Equal if spec and bits are: 0.0 is not -0.0, and a NaN is itself. The owner does not matter.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof PlainTensor that
        && spec.equals(that.spec)
        && Arrays.equals(bits(values), bits(that.values));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bits(values));
  }

  @Override
  public String toString() {
    return spec + Arrays.toString(values);
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values)
        .mapToObj(Double::doubleToRawLongBits)
        .flatMapToLong(LongStream::of)
        .toArray();
  }
}
