package dev.helix.tensor;

/** What {@link Kernels#linear} and {@link Kernels#partialLinear} ask of their operands. */
public final class Contraction {
  private Contraction() {}

  /**
   * Checks that x {@code [batch, in]} can be multiplied by the transpose of {@code [out, in]}.
   * Several inner axes of x have no name as one, and need only the weight's size; a single one must
   * have its name too.
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
