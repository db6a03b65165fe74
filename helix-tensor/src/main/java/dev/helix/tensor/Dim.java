package dev.helix.tensor;

/** One named axis of a tensor with its size, which may be 0. */
public record Dim(Axis axis, int size) {
  public Dim {
    if (size < 0) {
      throw new IllegalArgumentException(
          "size of axis " + axis + " is " + size + ", expected >= 0");
    }
  }

  @Override
  public String toString() {
    return axis + "=" + size;
  }
}
