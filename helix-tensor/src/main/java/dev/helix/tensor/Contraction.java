package dev.helix.tensor;

/** Checks that the operands of {@link Kernels#linear} and {@link Kernels#partialLinear} fit. */
public final class Contraction {
  private Contraction() {}

  /**
   * Checks that x {@code [batch, in]} can be multiplied by the transpose of a weight {@code [out,
   * in]}. If x has one inner axis, its name and size must be those of the weight's. If x has
   * several, the product of their sizes must be the weight's size.
   *
   * @throws IllegalArgumentException naming the operation and both operands
   */
  public static void require(String operation, Spec x, Spec weight) {
    boolean shaped =
        x.axisCount() >= 2 && x.dims().get(0).axis() == Axis.BATCH && weight.axisCount() == 2;
    boolean named =
        shaped && (x.axisCount() > 2 || x.dims().get(1).axis() == weight.dims().get(1).axis());
    if (!named) {
      throw new IllegalArgumentException(
          "%s: expected [batch, in]·[out, in]ᵀ, got %s and %s".formatted(operation, x, weight));
    }
    if (x.stride(1) != weight.stride(1)) {
      throw new IllegalArgumentException(
          "%s: contracted axes of %s and %s: expected %d, got %d"
              .formatted(operation, x, weight, x.stride(1), weight.stride(1)));
    }
  }
}
