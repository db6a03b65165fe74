package dev.helix.tensor.fp64;

import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;

/**
 * A tensor of the {@code fp64} reading. Its numbers are doubles in ND4J memory, row-major, whatever
 * number format its spec has.
 */
public final class Fp64Tensor implements Tensor {
  private final Spec spec;
  private final int owner;
  private final Fp64Memory.Region region;

  Fp64Tensor(Spec spec, int owner, Fp64Memory.Region region) {
    if (region.length() != spec.elements()) {
      throw new IllegalArgumentException(
          "%s needs %d elements, got %d".formatted(spec, spec.elements(), region.length()));
    }
    this.spec = spec;
    this.owner = owner;
    this.region = region;
  }

  @Override
  public Spec spec() {
    return spec;
  }

  @Override
  public int owner() {
    return owner;
  }

  /** The numbers, for the kernels of this reading. */
  public Fp64Memory.Region region() {
    return region;
  }

  /** A copy of the numbers, row-major. */
  public double[] toArray() {
    double[] values = new double[Math.toIntExact(spec.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = region.get(i);
    }
    return values;
  }

  @Override
  public String toString() {
    return spec + " of rank " + owner;
  }
}
